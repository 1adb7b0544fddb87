public import ReportModel
public import SecureArchive

/// Makes signed tokens: for development, and in the tests' own provider.
public struct TokenMint: Sendable {
    private let key: SigningKey
    private let keyName: String?

    /// Signs with `key`, whose name goes into the header.
    public init(key: SigningKey, keyName: String?) {
        self.key = key
        self.keyName = keyName
    }

    /// A token with these claims.
    public func token(_ claims: JSONValue) throws -> String {
        var header: [JSONValue.Member] = [
            .init("alg", .string(key.algorithm.rawValue)), .init("typ", .string("JWT")),
        ]
        if let keyName { header.append(.init("kid", .string(keyName))) }
        return try signed(header: JSONValue.object(header).compactText, payload: claims.compactText)
    }

    /// A token with this header and payload as they are written, however wrong: what tests need.
    public func signed(header: String, payload: String) throws -> String {
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
        return signed + "." + Base64URL.encode(try key.sign(Array(signed.utf8)))
    }
}
