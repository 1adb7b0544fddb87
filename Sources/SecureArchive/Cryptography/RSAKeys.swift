internal import COpenSSL
public import ReportModel

/// Shared by both keys: RSA of a length that is neither weak nor absurd.
private func checkedRSA(_ key: OpaquePointer, _ what: String) throws(ExhaustError) -> OpaquePointer {
    guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA, (2048...16384).contains(EVP_PKEY_get_bits(key)) else {
        EVP_PKEY_free(key)
        throw ExhaustError(
            .invalidInput, "\(what): not RSA of 2,048 to 16,384 bits", remedy: "Give an RSA key of 2,048 bits.")
    }
    return key
}

/// Reads PEM with one of OpenSSL's readers; never asks on the terminal for the password of a key.
func readPEM(
    _ pem: [UInt8], _ read: (OpaquePointer?) throws -> OpaquePointer?
) rethrows -> OpaquePointer? {
    guard let count = Int32(exactly: pem.count) else { return nil }
    defer { ERR_clear_error() }
    return try pem.withUnsafeBytes { bytes in
        guard let memory = BIO_new_mem_buf(bytes.baseAddress, count) else { return nil }
        defer { BIO_free(memory) }
        return try read(memory)
    }
}

/// A public key, or that of a certificate; nil if `pem` is neither.
func readPublicPEM(_ pem: [UInt8]) -> OpaquePointer? {
    readPEM(pem) { PEM_read_bio_PUBKEY($0, nil, nil, nil) }
        ?? readPEM(pem) { memory in
            guard let certificate = PEM_read_bio_X509(memory, nil, nil, nil) else { return nil }
            defer { X509_free(certificate) }
            return X509_get_pubkey(certificate)
        }
}

/// What one of OpenSSL's writers writes.
func writePEM(_ what: String, _ write: (OpaquePointer) -> Int32) throws -> [UInt8] {
    guard let memory = BIO_new(BIO_s_mem()) else { throw openSSLFault(what) }
    defer { BIO_free(memory) }
    try succeed(write(memory), what)
    var pem: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    defer { OPENSSL_cleanse(&piece, piece.count) }
    while true {
        let count = BIO_read(memory, &piece, Int32(piece.count))
        guard count > 0 else { return pem }
        pem += piece[..<Int(count)]
    }
}

/// An RSA public key, as an organisation publishes it.
///
/// Unchecked because OpenSSL's key is only read after `init`; OpenSSL allows that from any thread.
public final class PublicKey: @unchecked Sendable {
    private let key: OpaquePointer

    /// Takes PEM: a public key (X.509 SubjectPublicKeyInfo) or a certificate.
    public init(pem: [UInt8]) throws(ExhaustError) {
        guard let key = readPublicPEM(pem) else {
            throw ExhaustError(
                .invalidInput, "public key: not a public key or certificate in PEM form",
                remedy: "Give a text that begins with -----BEGIN PUBLIC KEY-----.")
        }
        self.key = try checkedRSA(key, "public key")
    }

    deinit { EVP_PKEY_free(key) }

    /// RSA with PKCS #1 v1.5 padding, as the container format demands (upstream.md 6.2).
    func wrap(_ secret: SymmetricKey) throws -> [UInt8] {
        guard let context = EVP_PKEY_CTX_new(key, nil) else { throw openSSLFault("public key") }
        defer { EVP_PKEY_CTX_free(context) }
        try succeed(EVP_PKEY_encrypt_init(context), "public key")
        try succeed(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING), "public key")
        var length = Int(EVP_PKEY_get_size(key))
        return try [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            try secret.withUnsafeBytes {
                let start = $0.baseAddress?.assumingMemoryBound(to: UInt8.self)
                try succeed(EVP_PKEY_encrypt(context, buffer.baseAddress, &length, start, $0.count), "public key")
            }
            filled = length
        }
    }
}

/// The RSA private key that opens what its public key closed.
///
/// Unchecked because OpenSSL's key is only read after `init`; OpenSSL allows that from any thread.
public final class PrivateKey: @unchecked Sendable {
    private let key: OpaquePointer

    /// Takes PEM, also an encrypted one together with its password.
    public init(pem: [UInt8], password: Password? = nil) throws(ExhaustError) {
        // OpenSSL takes a C string here, and without any it would ask on the terminal.
        var phrase = password?.withUnsafeBytes { Array($0) } ?? []
        phrase.append(0)
        defer { OPENSSL_cleanse(&phrase, phrase.count) }
        let key = phrase.withUnsafeMutableBytes { phrase in
            readPEM(pem) { PEM_read_bio_PrivateKey($0, nil, nil, phrase.baseAddress) }
        }
        guard let key else {
            throw ExhaustError(
                .invalidInput, "private key: not a private key in PEM form, or its password is wrong or missing",
                remedy: "Give a text that begins with -----BEGIN PRIVATE KEY-----, and its password if it has one.")
        }
        self.key = try checkedRSA(key, "private key")
    }

    deinit { EVP_PKEY_free(key) }

    /// Nil if the bytes were not wrapped for this key.
    func unwrap(_ wrapped: [UInt8]) throws -> SymmetricKey? {
        guard let context = EVP_PKEY_CTX_new(key, nil) else { throw openSSLFault("private key") }
        defer { EVP_PKEY_CTX_free(context) }
        try succeed(EVP_PKEY_decrypt_init(context), "private key")
        try succeed(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING), "private key")
        var length = Int(EVP_PKEY_get_size(key))
        var plain = [UInt8](repeating: 0, count: length)
        defer { OPENSSL_cleanse(&plain, plain.count) }
        let accepted = EVP_PKEY_decrypt(context, &plain, &length, wrapped, wrapped.count) == 1
        ERR_clear_error()
        return accepted && length == SymmetricKey.byteCount ? try SymmetricKey(plain[..<length]) : nil
    }
}
