import COpenSSL
import Testing

@testable import SecureArchive

/// A fresh RSA pair as PEM: private key, public key, and a certificate of the public key.
struct TestKeys {
    let privatePEM: [UInt8]
    let publicPEM: [UInt8]
    let certificatePEM: [UInt8]

    init(bits: Int32 = 2048) throws {
        let context = try #require(EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil))
        defer { EVP_PKEY_CTX_free(context) }
        try #require(EVP_PKEY_keygen_init(context) == 1)
        try #require(EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1)
        var made: OpaquePointer?
        try #require(EVP_PKEY_keygen(context, &made) == 1)
        let key = try #require(made)
        defer { EVP_PKEY_free(key) }
        privatePEM = try Self.pem { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
        publicPEM = try Self.pem { PEM_write_bio_PUBKEY($0, key) }
        let certificate = try #require(X509_new())
        defer { X509_free(certificate) }
        X509_gmtime_adj(X509_getm_notBefore(certificate), 0)
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600)
        try #require(X509_set_pubkey(certificate, key) == 1)
        try #require(X509_sign(certificate, key, EVP_sha256()) > 0)
        certificatePEM = try Self.pem { PEM_write_bio_X509($0, certificate) }
    }

    private static func pem(_ write: (OpaquePointer) -> Int32) throws -> [UInt8] {
        let memory = try #require(BIO_new(BIO_s_mem()))
        defer { BIO_free(memory) }
        try #require(write(memory) == 1)
        var buffer = [UInt8](repeating: 0, count: 32 * 1024)
        let count = BIO_read(memory, &buffer, Int32(buffer.count))
        return Array(buffer.prefix(Int(count)))
    }
}
