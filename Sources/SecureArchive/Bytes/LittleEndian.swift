extension [UInt8] {
    /// Appends a fixed-width integer, lowest byte first.
    mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

/// Reads fields in turn; what lies outside the bytes is an error, never a trap.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private let what: String
    private var position: Int

    /// `what` names the thing being read, for the error.
    init(_ bytes: ArraySlice<UInt8>, of what: String) {
        self.bytes = bytes
        self.what = what
        position = bytes.startIndex
    }

    var remaining: Int { bytes.endIndex - position }

    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw damaged(what, "it ends too early") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type = Integer.self) throws -> Integer {
        var value: Integer = 0
        for (index, byte) in try take(MemoryLayout<Integer>.size).enumerated() {
            value |= Integer(truncatingIfNeeded: byte) << (8 * index)
        }
        return value
    }
}
