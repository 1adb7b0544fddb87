import Glibc
import ReportModel

/// Reads small files whole: settings, secrets, passwords. Blocking; for the start of the program and for commands.
public enum SmallFile {
    /// Longest settings file, in bytes.
    public static let settingsLimit = 1 << 20
    /// Longest secret, in bytes.
    public static let secretLimit = 64 << 10

    /// The bytes of a file, a pipe or `/dev/stdin`. `what` names it in errors, such as `settings file`.
    /// Throws `notFound`, `storageFailed` or `limitExceeded`.
    public static func read(_ path: String, what: String, limit: Int) throws -> [UInt8] {
        try withFile(path, what: what) { descriptor, _ in try readAll(descriptor, path, what: what, limit: limit) }
    }

    /// The text of a file that holds one secret, without the line end after it.
    ///
    /// Throws `refused` if everybody on the machine may read the file or others than its owner may change it, and
    /// `invalidInput` if it is empty, has several lines or is not UTF-8.
    public static func readSecret(_ path: String, what: String) throws -> String {
        let bytes = try withFile(path, what: what) { descriptor, status in
            let isRegular = status.st_mode & S_IFMT == S_IFREG
            guard !isRegular || status.st_mode & 0o027 == 0 else {
                throw ExhaustError(
                    .refused, "\(what) \(path): its mode \(octal(status.st_mode)) lets others read or change it",
                    remedy: "Run `chmod 600 \(path)`.", mender: .operator)
            }
            return try readAll(descriptor, path, what: what, limit: secretLimit)
        }
        var text = bytes[...]
        if text.last == UInt8(ascii: "\n") { text.removeLast() }
        if text.last == UInt8(ascii: "\r") { text.removeLast() }
        guard !text.isEmpty else {
            throw ExhaustError(.invalidInput, "\(what) \(path): it is empty", mender: .operator)
        }
        guard !text.contains(where: { $0 == UInt8(ascii: "\n") || $0 == 0 }),
            let secret = String(validating: text, as: UTF8.self)
        else {
            throw ExhaustError(.invalidInput, "\(what) \(path): it is not one line of UTF-8 text", mender: .operator)
        }
        return secret
    }

    /// Whether everybody on the machine may read or change the file. Throws as `read` does.
    static func isOpenToAll(_ path: String, what: String) throws -> Bool {
        try withFile(path, what: what) { _, status in status.st_mode & 0o007 != 0 }
    }

    private static func withFile<Result>(
        _ path: String, what: String, _ body: (Int32, stat) throws -> Result
    ) throws -> Result {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw failure(path, what, "open") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, what, "look at") }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw ExhaustError(.invalidInput, "\(what) \(path): it is a folder", mender: .operator)
        }
        return try body(descriptor, status)
    }

    private static func readAll(_ descriptor: Int32, _ path: String, what: String, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, what, "read") }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limit else {
                throw ExhaustError(
                    .limitExceeded, "\(what) \(path): it is longer than \(limit) bytes", mender: .operator)
            }
        }
    }

    private static func failure(_ path: String, _ what: String, _ verb: String) -> ExhaustError {
        let number = errno
        return ExhaustError(
            number == ENOENT ? .notFound : .storageFailed,
            "\(what) \(path): cannot \(verb) it: \(String(cString: strerror(number)))",
            remedy: "Check the path and who may read it.", mender: .operator)
    }

    private static func octal(_ mode: mode_t) -> String { "0" + String(mode & 0o777, radix: 8) }
}
