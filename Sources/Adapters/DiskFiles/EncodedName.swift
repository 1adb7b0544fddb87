import ReportModel
import ReportPorts

/// Any text as the name of a file: letters, digits, `-`, `_` and, but for the first byte, `.` stand for themselves, the
/// other bytes are percent-encoded.
enum EncodedName {
    /// Throws `invalidInput` for an empty name, and `limitExceeded` for one that is too long for a disk.
    static func encode(_ name: String) throws -> String {
        guard !name.isEmpty else { throw ExhaustError(.invalidInput, "a name of a part or run is empty") }
        var encoded = ""
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ".") where !encoded.isEmpty:
                encoded.append(".")
            default:
                encoded += byte < 16 ? "%0" : "%"
                encoded += String(byte, radix: 16, uppercase: true)
            }
        }
        guard encoded.utf8.count <= StoredPath.partLimit else {
            throw ExhaustError(
                .limitExceeded,
                "name \"\(name.prefix(80))\": it is longer than \(StoredPath.partLimit) bytes on the disk",
                remedy: "Use shorter ids.")
        }
        return encoded
    }

    /// The text that `encode` made a name of; nil for a name that it never makes.
    static func decode(_ encoded: String) -> String? {
        var bytes: [UInt8] = []
        var rest = encoded.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else {
                    return nil
                }
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        let name = String(decoding: bytes, as: UTF8.self)
        do { return try encode(name) == encoded ? name : nil } catch { return nil }
    }
}
