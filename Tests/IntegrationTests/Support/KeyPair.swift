import COpenSSL
import Testing

/// A fresh RSA pair as PEM.
struct KeyPair {
    let privatePEM: [UInt8]
    let publicPEM: [UInt8]

    init() throws {
        let context = try #require(EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil))
        defer { EVP_PKEY_CTX_free(context) }
        try #require(EVP_PKEY_keygen_init(context) == 1)
        try #require(EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1)
        var made: OpaquePointer?
        try #require(EVP_PKEY_keygen(context, &made) == 1)
        let key = try #require(made)
        defer { EVP_PKEY_free(key) }
        privatePEM = try Self.pem { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
        publicPEM = try Self.pem { PEM_write_bio_PUBKEY($0, key) }
    }

    private static func pem(_ write: (OpaquePointer) -> Int32) throws -> [UInt8] {
        let memory = try #require(BIO_new(BIO_s_mem()))
        defer { BIO_free(memory) }
        try #require(write(memory) == 1)
        var buffer = [UInt8](repeating: 0, count: 32 << 10)
        let count = BIO_read(memory, &buffer, Int32(buffer.count))
        return Array(buffer.prefix(Int(count)))
    }
}
