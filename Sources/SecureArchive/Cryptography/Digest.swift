internal import COpenSSL
internal import ReportModel

/// A running hash of OpenSSL; one owner, so it may cross tasks although its context may not be shared.
struct Digest: ~Copyable, @unchecked Sendable {
    private let context: OpaquePointer

    init(_ algorithm: OpaquePointer?) throws {
        guard let context = EVP_MD_CTX_new() else { throw openSSLFault("hash") }
        guard EVP_DigestInit_ex(context, algorithm, nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw openSSLFault("hash")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) throws {
        guard !bytes.isEmpty else { return }
        try succeed(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count), "hash")
    }

    func finish() throws -> [UInt8] {
        var length = UInt32(0)
        return try [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, filled in
            try succeed(EVP_DigestFinal_ex(context, buffer.baseAddress, &length), "hash")
            filled = Int(length)
        }
    }
}

/// SHA-256, in pieces (FIPS 180-4).
public struct SHA256: ~Copyable, Sendable {
    private let digest: Digest

    /// The hash of nothing so far.
    public init() throws { digest = try Digest(EVP_sha256()) }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) throws { try digest.update(bytes) }

    /// Adds bytes.
    public mutating func update(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try digest.update($0) } }

    /// The 32 bytes of the hash.
    public consuming func finish() throws -> [UInt8] { try digest.finish() }

    /// The 32 bytes of the hash of `bytes`.
    public static func hash(_ bytes: [UInt8]) throws -> [UInt8] {
        var hash = try SHA256()
        try hash.update(bytes)
        return try hash.finish()
    }
}

/// MD5, for the two formats that demand it (upstream.md 2.5 and 6.2); not for anything else.
public enum MD5 {
    /// The 16 bytes of the hash of `bytes`.
    public static func hash(_ bytes: [UInt8]) throws -> [UInt8] { try bytes.withUnsafeBytes(hash) }

    static func hash(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        let digest = try Digest(EVP_md5())
        try digest.update(bytes)
        return try digest.finish()
    }
}
