public import ReportPorts
public import WebTokens

/// Checks user tokens and says whose they are.
public struct UserTokens: Sendable {
    private let keys: TokenKeyRing
    private let rules: TokenRules
    private let users: UserReader
    private let clock: any ServiceClock

    /// Tokens that `keys` check by `rules`.
    public init(keys: TokenKeyRing, rules: TokenRules, users: UserReader, clock: any ServiceClock) {
        self.keys = keys
        self.rules = rules
        self.users = users
        self.clock = clock
    }

    /// The user of a token. Throws `unauthenticated` with the reason if it is not accepted, `unavailable` if keys or users
    /// cannot be asked for, and what the user service says.
    public func user(of text: String) async throws -> KnownUser {
        let token = try SignedToken(text, byteLimit: rules.byteLimit)
        let claims = try TokenVerifier(rules).claims(
            of: token, keys: try await keys.keys(for: token.keyName), at: clock.now())
        return try await users.user(claims, token: text)
    }
}
