internal import COpenSSL
internal import ReportModel

/// A running HMAC of OpenSSL; one owner, so it may cross tasks although its context may not be shared.
struct MessageAuthentication: ~Copyable, @unchecked Sendable {
    enum Hash { case sha1, sha256 }

    private let context: OpaquePointer

    init(_ hash: Hash, key: UnsafeRawBufferPointer) throws {
        guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else { throw openSSLFault("HMAC") }
        defer { EVP_MAC_free(algorithm) }
        guard let context = EVP_MAC_CTX_new(algorithm) else { throw openSSLFault("HMAC") }
        let start = key.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard opensslx_hmac_init(context, start, key.count, hash == .sha1 ? 1 : 0) == 1 else {
            EVP_MAC_CTX_free(context)
            throw openSSLFault("HMAC")
        }
        self.context = context
    }

    deinit { EVP_MAC_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) throws {
        guard !bytes.isEmpty else { return }
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        try succeed(EVP_MAC_update(context, start, bytes.count), "HMAC")
    }

    func finish() throws -> [UInt8] {
        var length = 0
        return try [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, filled in
            try succeed(EVP_MAC_final(context, buffer.baseAddress, &length, buffer.count), "HMAC")
            filled = length
        }
    }
}

/// HMAC with SHA-256, in pieces (RFC 2104).
public struct HMACSHA256: ~Copyable, Sendable {
    private let code: MessageAuthentication

    /// Any length of key but none.
    public init(key: SecretBytes) throws {
        guard key.count > 0 else { throw misuse("HMAC", "the key is empty") }
        code = try key.withUnsafeBytes { try MessageAuthentication(.sha256, key: $0) }
    }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) throws { try code.update(bytes) }

    /// Adds bytes.
    public mutating func update(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try code.update($0) } }

    /// The 32 bytes of the code.
    public consuming func finish() throws -> [UInt8] { try code.finish() }

    /// The 32 bytes of the code of `bytes`.
    public static func authenticate(_ bytes: [UInt8], key: SecretBytes) throws -> [UInt8] {
        var code = try HMACSHA256(key: key)
        try code.update(bytes)
        return try code.finish()
    }
}
