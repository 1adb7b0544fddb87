import Glibc
import ReportModel

/// Small files that people name on the command line.
enum TextFile {
    /// The bytes of `path`. Throws if it cannot be read or is larger than `limit` bytes.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ExhaustError(
                errno == ENOENT ? .notFound : .storageFailed, "file \(path): it cannot be read: \(systemReason())",
                remedy: "Check the path.", mender: .requester)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 { throw ExhaustError(.storageFailed, "file \(path): it cannot be read: \(systemReason())") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw ExhaustError(
                    .limitExceeded, "file \(path): it is over \(limit) bytes", remedy: "Name the right file.",
                    mender: .requester)
            }
        }
    }

    /// The password in `path`: its first line, which must not be empty.
    static func password(_ path: String) throws -> String {
        let line = try read(path, limit: 4096).prefix { $0 != 10 && $0 != 13 }
        guard !line.isEmpty, let text = String(validating: line, as: UTF8.self) else {
            throw ExhaustError(
                .invalidInput, "password file \(path): its first line is no password",
                remedy: "Write the password, in UTF-8, into the first line.")
        }
        return text
    }
}
