import ReportModel
import SecureArchive
import Testing
import WebTokens

/// One key pair of each kind for all tests, since making them takes a while, and tokens that are right but for one thing.
struct TokenScene {
    static let rsa = Result { try SigningKey(generating: .rs256) }
    static let otherRSA = Result { try SigningKey(generating: .rs256) }
    static let p256 = Result { try SigningKey(generating: .es256) }

    /// 2024-01-31T09:00:00Z.
    let now = Timestamp(milliseconds: 1_706_691_600_000)
    let rules = TokenRules(issuers: ["https://sso.example.org/realms/r"], audiences: ["exhaust"])

    var claims: [JSONValue.Member] {
        [
            .init("iss", .string("https://sso.example.org/realms/r")), .init("aud", .string("exhaust")),
            .init("sub", .string("f:5a8a3f2b:user-7")), .init("exp", .integer(1_706_691_600 + 300)),
            .init("nbf", .integer(1_706_691_600 - 5)),
        ]
    }

    /// The claims with some replaced, or left out where the value is nil.
    func claims(_ changes: [String: JSONValue?]) -> JSONValue {
        var members = claims.filter { changes[$0.name] == nil }
        for (name, value) in changes { if let value { members.append(.init(name, value)) } }
        return .object(members)
    }

    func mint(_ key: Result<SigningKey, any Error> = rsa, name: String? = "k1") throws -> TokenMint {
        TokenMint(key: try key.get(), keyName: name)
    }

    func keys(_ key: Result<SigningKey, any Error> = rsa, name: String? = "k1") throws -> [TokenKey] {
        [TokenKey(name: name, key: try key.get().verificationKey())]
    }

    func check(_ token: String, keys: [TokenKey]? = nil, rules: TokenRules? = nil) throws -> JSONValue {
        let rules = rules ?? self.rules
        return try TokenVerifier(rules).claims(
            of: SignedToken(token, byteLimit: rules.byteLimit), keys: try keys ?? self.keys(), at: now)
    }

    /// Expects that the token is refused for this reason.
    func expectRefusal(
        _ token: String, _ reason: String, keys: [TokenKey]? = nil, rules: TokenRules? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ExhaustError.self, sourceLocation: sourceLocation) {
            _ = try check(token, keys: keys, rules: rules)
        }
        #expect(error?.code == .unauthenticated, sourceLocation: sourceLocation)
        #expect(error?.message == "user token: \(reason)", sourceLocation: sourceLocation)
    }
}
