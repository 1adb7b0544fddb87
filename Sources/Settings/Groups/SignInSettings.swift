/// Signing in to the page, sessions, how often one may ask, and what is written down about it.
public struct SignInSettings: Sendable {
    /// `signIn.issuer`; empty is no provider.
    public var issuer = ""
    /// `signIn.clientID`.
    public var clientID = "exhaust"
    /// `signIn.clientSecret`; empty for a public client.
    public var clientSecret = ""
    /// `signIn.scopes`.
    public var scopes = ["openid", "profile"]
    /// `signIn.portalOrigins`.
    public var portalOrigins: [String] = []
    /// `signIn.portalAddress`.
    public var portalAddress = ""
    /// `session.seconds`.
    public var sessionSeconds = 28_800.0
    /// `rate.consumer.perMinute`; 0 is no limit.
    public var consumerPerMinute = 3_000
    /// `rate.consumer.burst`.
    public var consumerBurst = 200
    /// `rate.user.perMinute`; 0 is no limit.
    public var userPerMinute = 1_200
    /// `rate.user.burst`.
    public var userBurst = 100
    /// `audit.keepDays`.
    public var auditDays = 365

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Sign-in")
        try reader.text(
            &issuer, "signIn.issuer", "OpenID Connect provider, exactly as it names itself; empty: none.")
        try reader.text(&clientID, "signIn.clientID", "What the provider knows this service as.")
        try reader.text(
            &clientSecret, "signIn.clientSecret", isSecret: true, "The client's secret; none for a public client.")
        try reader.list(&scopes, "signIn.scopes", "What the provider is asked for.")
        try reader.list(
            &portalOrigins, "signIn.portalOrigins",
            "Origins, such as https://portal.example.org, whose pages may sign users in by their tokens.")
        try reader.text(&portalAddress, "signIn.portalAddress", "Page of the portal where people begin to sign in.")
        try reader.seconds(&sessionSeconds, "session.seconds", 60...604_800, "How long a session lasts.")
        reader.begin("Rates")
        try reader.whole(
            &consumerPerMinute, "rate.consumer.perMinute", 0...10_000_000, "requests",
            "Requests of one consumer and channel a minute; 0: no limit.")
        try reader.whole(
            &consumerBurst, "rate.consumer.burst", 1...1_000_000, "requests", "How many of them may come at once.")
        try reader.whole(
            &userPerMinute, "rate.user.perMinute", 0...10_000_000, "requests",
            "Requests of one user a minute; 0: no limit.")
        try reader.whole(&userBurst, "rate.user.burst", 1...1_000_000, "requests", "How many of them may come at once.")
        reader.begin("Audit log")
        try reader.whole(
            &auditDays, "audit.keepDays", 1...36_500, "days",
            "How long it is kept who asked for and fetched what; some laws demand a year.")
    }
}
