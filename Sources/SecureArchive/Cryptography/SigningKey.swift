internal import COpenSSL
internal import ReportModel

/// A private key that signs web tokens: of developers, and of the tests' own provider.
///
/// Unchecked because OpenSSL's key is only read after `init`; OpenSSL allows that from any thread.
public final class SigningKey: @unchecked Sendable {
    /// What it signs with.
    public let algorithm: SignatureAlgorithm
    private let key: OpaquePointer

    /// A new key: RSA of 2,048 bits, or P-256.
    public init(generating algorithm: SignatureAlgorithm) throws {
        let kind = algorithm == .rs256 ? EVP_PKEY_RSA : EVP_PKEY_EC
        guard let context = EVP_PKEY_CTX_new_id(kind, nil) else { throw openSSLFault("signing key") }
        defer { EVP_PKEY_CTX_free(context) }
        try succeed(EVP_PKEY_keygen_init(context), "signing key")
        switch algorithm {
        case .rs256: try succeed(EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048), "signing key")
        case .es256:
            try succeed(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1), "signing key")
        }
        var made: OpaquePointer?
        try succeed(EVP_PKEY_generate(context, &made), "signing key")
        guard let made else { throw openSSLFault("signing key") }
        key = made
        self.algorithm = algorithm
    }

    /// Takes PEM without a password, as `privatePEM` writes it.
    public init(pem: [UInt8]) throws {
        // An empty phrase, since without any OpenSSL would ask on the terminal.
        var phrase: [UInt8] = [0]
        let read = phrase.withUnsafeMutableBytes { phrase in
            readPEM(pem) { PEM_read_bio_PrivateKey($0, nil, nil, phrase.baseAddress) }
        }
        guard let read else {
            throw ExhaustError(
                .invalidInput, "signing key: not a private key in PEM form without a password",
                remedy: "Give a text that begins with -----BEGIN PRIVATE KEY-----.", mender: .operator)
        }
        key = read
        algorithm = EVP_PKEY_get_base_id(read) == EVP_PKEY_EC ? .es256 : .rs256
        // The same bounds as for keys that check.
        _ = try verificationKey()
    }

    deinit { EVP_PKEY_free(key) }

    /// The signature of `message`, in the form of web tokens.
    public func sign(_ message: [UInt8]) throws -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw openSSLFault("signature") }
        defer { EVP_MD_CTX_free(context) }
        try succeed(EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key), "signature")
        var length = Int(EVP_PKEY_get_size(key))
        let made = try [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            try succeed(
                EVP_DigestSign(context, buffer.baseAddress, &length, message, message.count), "signature")
            filled = length
        }
        guard algorithm == .es256 else { return made }
        guard let joined = DER.joinedIntegers(made, bytesEach: 32) else { throw openSSLFault("signature") }
        return joined
    }

    /// The key as PEM, PKCS #8, without a password.
    public func privatePEM() throws -> [UInt8] {
        try writePEM("signing key") { PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    /// Its public key as PEM.
    public func publicPEM() throws -> [UInt8] { try writePEM("signing key") { PEM_write_bio_PUBKEY($0, key) } }

    /// The key that checks its signatures.
    public func verificationKey() throws -> VerificationKey { try VerificationKey(pem: publicPEM()) }

    /// A member of its public key by OpenSSL's name: `n` and `e` of RSA, `qx` and `qy` of P-256; big-endian.
    public func publicNumber(_ name: String) throws -> [UInt8] {
        var number: OpaquePointer?
        try succeed(EVP_PKEY_get_bn_param(key, name, &number), "signing key")
        guard let number else { throw openSSLFault("signing key") }
        defer { BN_free(number) }
        let least = algorithm == .es256 ? 32 : 0
        var bytes = [UInt8](repeating: 0, count: max(least, (Int(BN_num_bits(number)) + 7) / 8))
        guard BN_bn2binpad(number, &bytes, Int32(bytes.count)) >= 0 else { throw openSSLFault("signing key") }
        return bytes
    }
}
