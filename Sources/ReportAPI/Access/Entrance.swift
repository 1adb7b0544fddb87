/// How people and programs come in, beside `AccessControl`, which says what they may.
public struct Entrance: Sendable {
    /// Signing in and out.
    public var signIn: SignIn
    /// The consumer-channel table.
    public var consumers: CachedConsumers
    /// What settings decide about access.
    public var rules: AccessRules

    /// How people and programs come in.
    public init(signIn: SignIn, consumers: CachedConsumers, rules: AccessRules) {
        self.signIn = signIn
        self.consumers = consumers
        self.rules = rules
    }
}

/// The operations of coming in.
enum EntranceRoutes {
    static func make(_ ports: APIPorts) -> [Route] {
        guard let entrance = ports.entrance else { return [] }
        return SignInRoutes.make(entrance.signIn)
            + RefreshRoutes.make(entrance.consumers, rules: entrance.rules, clock: ports.clock)
    }
}
