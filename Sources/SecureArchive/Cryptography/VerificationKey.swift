internal import COpenSSL
public import ReportModel

/// How a signature of a web token is made (RFC 7518, 3.1). A key knows the one algorithm that it is for.
public enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
    /// ECDSA over P-256 with SHA-256; the signature is r and s, 32 bytes each.
    case es256 = "ES256"
}

/// A public key that checks signatures.
///
/// Unchecked because OpenSSL's key is only read after `init`; OpenSSL allows that from any thread.
public final class VerificationKey: @unchecked Sendable {
    /// What signatures have to be made with; decided by the kind of key alone, never by a token.
    public let algorithm: SignatureAlgorithm
    private let key: OpaquePointer

    /// Bits that an RSA key may have: fewer are weak, more cost a caller without credentials nothing and us much.
    public static let rsaBits = 2048...8192
    /// Bytes that an RSA exponent may have, for the same reason.
    public static let exponentBytes = 1...4

    /// Takes PEM: a public key (X.509 SubjectPublicKeyInfo) or a certificate; RSA or P-256.
    public init(pem: [UInt8]) throws(ExhaustError) {
        guard let key = readPublicPEM(pem) else {
            throw Self.refused("not a public key or certificate in PEM form")
        }
        (self.key, algorithm) = try Self.checked(key)
    }

    /// Takes the members `n` and `e` of an RSA key (RFC 7518, 6.3.1), big-endian.
    public convenience init(rsaModulus modulus: [UInt8], exponent: [UInt8]) throws(ExhaustError) {
        guard modulus.first != 0, exponent.first != 0, (modulus.last ?? 0) & 1 == 1, (exponent.last ?? 0) & 1 == 1,
            modulus.count * 8 <= Self.rsaBits.upperBound, Self.exponentBytes.contains(exponent.count),
            exponent != [1]
        else { throw Self.refused("the numbers of an RSA key are not right") }
        let numbers = DER.sequence(DER.integer(modulus), DER.integer(exponent))
        try self.init(der: DER.publicKey(algorithm: DER.rsaAlgorithm, key: numbers))
    }

    /// Takes the members `x` and `y` of a P-256 key (RFC 7518, 6.2.1).
    public convenience init(p256X x: [UInt8], y: [UInt8]) throws(ExhaustError) {
        guard x.count == 32, y.count == 32 else { throw Self.refused("the point of a P-256 key is not right") }
        try self.init(der: DER.publicKey(algorithm: DER.p256Algorithm, key: [4] + x + y))
    }

    private init(der: [UInt8]) throws(ExhaustError) {
        let key = der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_PUBKEY(nil, &start, bytes.count)
        }
        ERR_clear_error()
        guard let key else { throw Self.refused("its numbers are no key") }
        (self.key, algorithm) = try Self.checked(key)
    }

    deinit { EVP_PKEY_free(key) }

    /// Whether `signature` is this key's of `message`. Throws only if OpenSSL itself fails.
    public func verifies(_ signature: [UInt8], of message: [UInt8]) throws -> Bool {
        guard let encoded = encoded(signature) else { return false }
        guard let context = EVP_MD_CTX_new() else { throw openSSLFault("signature") }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        try succeed(EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key), "signature")
        return EVP_DigestVerify(context, encoded, encoded.count, message, message.count) == 1
    }

    /// The signature as OpenSSL takes it; nil if it cannot be one of this key.
    private func encoded(_ signature: [UInt8]) -> [UInt8]? {
        switch algorithm {
        case .rs256: signature.count == Int(EVP_PKEY_get_size(key)) ? signature : nil
        case .es256:
            signature.count == 64
                ? DER.sequence(DER.integer(Array(signature[..<32])), DER.integer(Array(signature[32...]))) : nil
        }
    }

    private static func checked(_ key: OpaquePointer) throws(ExhaustError) -> (OpaquePointer, SignatureAlgorithm) {
        if EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA, rsaBits.contains(Int(EVP_PKEY_get_bits(key))) {
            return (key, .rs256)
        }
        if EVP_PKEY_get_base_id(key) == EVP_PKEY_EC, curveName(key) == "prime256v1" { return (key, .es256) }
        EVP_PKEY_free(key)
        throw refused("neither RSA of \(rsaBits.lowerBound) to \(rsaBits.upperBound) bits nor P-256")
    }

    private static func curveName(_ key: OpaquePointer) -> String {
        var name = [UInt8](repeating: 0, count: 64)
        var length = 0
        let found = name.withUnsafeMutableBytes { buffer in
            EVP_PKEY_get_group_name(key, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), 64, &length)
        }
        return found == 1 ? String(decoding: name[..<length], as: UTF8.self) : ""
    }

    private static func refused(_ why: String) -> ExhaustError {
        ExhaustError(
            .invalidInput, "verification key: \(why)", remedy: "Give an RSA key of 2,048 bits or a P-256 key.",
            mender: .operator)
    }
}
