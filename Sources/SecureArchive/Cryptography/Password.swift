public import ReportModel

/// A password as its UTF-8 bytes, that no description shows.
public struct Password: Sendable, Equatable {
    /// 7-Zip refuses longer ones for AES archives, so a file with one could not be opened by its reader.
    public static let longestByteCount = 99

    let secret: SecretBytes

    /// Refuses an empty password, one over 99 bytes, and one with a NUL or a line end, which no prompt can enter.
    public init(utf8 bytes: some Collection<UInt8>) throws(ExhaustError) {
        guard !bytes.isEmpty else { throw Self.refusal("it is empty") }
        guard bytes.count <= Self.longestByteCount else {
            throw Self.refusal("it has \(bytes.count) bytes, over \(Self.longestByteCount)")
        }
        guard !bytes.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else {
            throw Self.refusal("it contains a line end or a NUL")
        }
        secret = SecretBytes(bytes)
    }

    /// The same, of a text.
    public init(_ text: String) throws(ExhaustError) { try self.init(utf8: Array(text.utf8)) }

    private static func refusal(_ why: String) -> ExhaustError {
        ExhaustError(
            .invalidInput, "password: \(why)", remedy: "Choose one line of 1 to \(longestByteCount) bytes of UTF-8.")
    }

    /// Shows the bytes to `body`, for the time of the call.
    public func withUnsafeBytes<Result: ~Copyable>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    {
        try secret.withUnsafeBytes(body)
    }
}
