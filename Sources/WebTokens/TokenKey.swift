public import ReportModel
public import SecureArchive

/// A key that checks tokens, with the name by which tokens call for it.
public struct TokenKey: Sendable {
    /// `kid`; nil if it has none.
    public let name: String?
    /// The key.
    public let key: VerificationKey

    /// A key with its name.
    public init(name: String?, key: VerificationKey) {
        self.name = name
        self.key = key
    }
}

/// A published set of keys (JWKS, RFC 7517).
public enum TokenKeySet {
    /// Bytes of a set at the most.
    public static let byteLimit = 256 << 10
    /// Keys of a set at the most.
    public static let keyLimit = 100

    /// The keys of a set that check signatures of ours: RSA of at least 2,048 bits and P-256. Others are passed over, as
    /// is what is for encryption (`use`, `key_ops`) or for another algorithm (`alg`): providers publish them side by side.
    /// Throws `invalidInput` or `limitExceeded` if `bytes` are no set; `name` says in errors where they come from.
    public static func keys(_ bytes: [UInt8], name: String) throws -> [TokenKey] {
        let set = try JSONValue(
            parsing: bytes, limits: .init(nesting: 16, bytes: byteLimit, uniqueNames: true), name: name)
        guard let elements = set["keys"]?.elements else {
            throw ExhaustError(
                .invalidInput, "\(name): it has no list `keys`", remedy: "Name a JSON Web Key Set.",
                mender: .operator)
        }
        guard elements.count <= keyLimit else {
            throw ExhaustError(
                .limitExceeded, "\(name): \(elements.count) keys are more than the limit of \(keyLimit)",
                mender: .operator)
        }
        return elements.compactMap(key)
    }

    private static func key(_ value: JSONValue) -> TokenKey? {
        if let use = value["use"], use.text != "sig" { return nil }
        if let operations = value["key_ops"], operations.elements?.contains(.string("verify")) != true { return nil }
        guard let key = numbers(value) else { return nil }
        if let algorithm = value["alg"], algorithm.text != key.algorithm.rawValue { return nil }
        if let name = value["kid"], name.text == nil { return nil }
        return TokenKey(name: value["kid"]?.text, key: key)
    }

    private static func numbers(_ value: JSONValue) -> VerificationKey? {
        func bytes(_ name: String) -> [UInt8]? { value[name]?.text.flatMap { Base64URL.decode($0) } }
        do {
            switch value["kty"]?.text {
            case "RSA":
                guard let modulus = bytes("n"), let exponent = bytes("e") else { return nil }
                return try VerificationKey(rsaModulus: modulus, exponent: exponent)
            case "EC":
                guard value["crv"]?.text == "P-256", let x = bytes("x"), let y = bytes("y") else { return nil }
                return try VerificationKey(p256X: x, y: y)
            default: return nil
            }
        } catch {
            // A key that is not right is no key of ours; the tokens that call for it are refused, those of others not.
            return nil
        }
    }
}

extension SigningKey {
    /// The member of a key set that publishes the public key of this one.
    public func published(as name: String) throws -> JSONValue {
        func number(_ openSSLName: String) throws -> JSONValue {
            .string(Base64URL.encode(try publicNumber(openSSLName)))
        }
        let common: [JSONValue.Member] = [
            .init("kid", .string(name)), .init("use", .string("sig")), .init("alg", .string(algorithm.rawValue)),
        ]
        switch algorithm {
        case .rs256:
            return .object(
                [.init("kty", .string("RSA"))] + common + [.init("n", try number("n")), .init("e", try number("e"))])
        case .es256:
            return .object(
                [.init("kty", .string("EC")), .init("crv", .string("P-256"))] + common
                    + [.init("x", try number("qx")), .init("y", try number("qy"))])
        }
    }
}
