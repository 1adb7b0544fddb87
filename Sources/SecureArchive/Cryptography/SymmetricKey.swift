public import ReportModel

/// A key of 256 bits: the master key, the key of a run, the key of a file.
public struct SymmetricKey: Sendable, Equatable {
    /// 32 bytes.
    public static let byteCount = 32

    let secret: SecretBytes

    /// Takes exactly 32 bytes; anything else is refused.
    public init(_ bytes: some Collection<UInt8>) throws(ExhaustError) {
        guard bytes.count == Self.byteCount else {
            throw ExhaustError(
                .invalidInput, "key: it has \(bytes.count) bytes instead of \(Self.byteCount)",
                remedy: "Give a key of exactly \(Self.byteCount) bytes.", mender: .operator)
        }
        secret = SecretBytes(bytes)
    }

    private init(_ secret: SecretBytes) { self.secret = secret }

    /// A fresh key from the generator for secrets.
    public static func random() throws -> SymmetricKey {
        try SymmetricKey(SecretBytes(count: byteCount) { try RandomBytes.fill($0) })
    }

    /// Shows the bytes to `body`, for the time of the call.
    public func withUnsafeBytes<Result: ~Copyable>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    {
        try secret.withUnsafeBytes(body)
    }

    /// A copy of the bytes, to be sealed under another key.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
}
