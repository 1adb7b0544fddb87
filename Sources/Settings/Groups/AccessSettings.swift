/// Who may do what (design.md 9).
public struct AccessSettings: Sendable {
    /// Whose batches a user may ask for.
    public enum BatchScope: String, Sendable, Hashable, CaseIterable {
        /// As `access.organisationRoles` says.
        case byRole = "role"
        /// All.
        case organisation
        /// Those that the user made or mentors.
        case mentor
    }

    /// Where roles and root organisation of a user come from.
    public enum UserOrigin: String, Sendable, Hashable, CaseIterable {
        case token, service
    }

    /// `access.demo`.
    public var isDemo = false
    /// `access.roles`.
    public var roles = ["ORG_ADMIN", "REPORT_ADMIN", "COURSE_ADMIN", "CONTENT_CREATOR", "COURSE_MENTOR"]
    /// `access.organisationRoles`.
    public var organisationRoles = ["ORG_ADMIN", "REPORT_ADMIN", "COURSE_ADMIN"]
    /// `access.batch`.
    public var batchScope = BatchScope.byRole
    /// `access.consumers`.
    public var trustsConsumers = false
    /// `access.consumerMinutes`.
    public var consumerMinutes = 60
    /// `access.gatewaySecret`; empty is none.
    public var gatewaySecret = ""
    /// `access.onlyGatewayConnects`.
    public var onlyGatewayConnects = false
    /// `access.token.keys`: path or address; empty accepts no tokens.
    public var tokenKeys = ""
    /// `access.token.issuers`.
    public var issuers: [String] = []
    /// `access.token.audiences`.
    public var audiences: [String] = []
    /// `access.token.leewaySeconds`.
    public var leewaySeconds = 60.0
    /// `access.claims.user`.
    public var userClaim = "sub"
    /// `access.claims.roles`.
    public var rolesClaim = "realm_access.roles"
    /// `access.claims.organisation`.
    public var organisationClaim = "rootOrgId"
    /// `access.organisation`; empty is none.
    public var usualOrganisation = ""
    /// `access.users`.
    public var users = UserOrigin.token
    /// `access.usersSeconds`.
    public var usersSeconds = 60.0

    /// All defaults: nobody may do anything.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Access")
        try reader.flag(
            &isDemo, "access.demo", "Everybody who can connect is the demo's user; only where loopback alone listens.")
        try reader.list(
            &roles, "access.roles", aliases: ["ondemand.dataexhaust.roles"],
            "Roles that may have reports whose dataset names none of its own.")
        try reader.choice(
            &batchScope, "access.batch",
            "Batches that a user may ask for: all, or those that he made or mentors; role: see the next setting.")
        try reader.list(
            &organisationRoles, "access.organisationRoles",
            "Roles that may ask for all batches where access.batch is role; others only for their own.")
        try reader.flag(
            &trustsConsumers, "access.consumers",
            "Whether X-Consumer-ID counts; only where callers connect through a gateway that sets it.")
        try reader.whole(
            &consumerMinutes, "access.consumerMinutes", 1...10_080, "minutes",
            aliases: ["cache.refresh.time.interval.min"], "How long the consumer table is held in memory.")
        try reader.text(
            &gatewaySecret, "access.gatewaySecret", isSecret: true,
            "What the gateway sends as X-Gateway-Secret; a request without it names no consumer. Empty: whoever can connect "
                + "may name one.")
        try reader.flag(
            &onlyGatewayConnects, "access.onlyGatewayConnects",
            "Whether the network lets nobody but the gateway connect, so that access.gatewaySecret may be empty.")
        try readTokens(&reader)
    }

    private mutating func readTokens(_ reader: inout SettingsReader) throws {
        reader.begin("User tokens")
        try reader.text(
            &tokenKeys, "access.token.keys",
            "Keys that sign user tokens: address of a key set (JWKS), or path of one or of a PEM file.")
        try reader.list(&issuers, "access.token.issuers", "Issuers (`iss`) that are accepted; empty accepts any.")
        try reader.list(
            &audiences, "access.token.audiences", "Audiences (`aud`) of which a token names one; empty accepts any.")
        try reader.seconds(
            &leewaySeconds, "access.token.leewaySeconds", 0...600, "How far the clocks of issuers may differ.")
        try reader.text(
            &userClaim, "access.claims.user", "Claim with the user's id; of Keycloak's f:PROVIDER:ID the ID counts.")
        try reader.text(&rolesClaim, "access.claims.roles", "Claim with the user's roles; dots lead into objects.")
        try reader.text(
            &organisationClaim, "access.claims.organisation", "Claim with the id of the user's root organisation.")
        try reader.text(
            &usualOrganisation, "access.organisation", "Root organisation of users whose token names none.")
        try reader.choice(
            &users, "access.users", "Where roles and root organisation come from: the token, or the user service.")
        try reader.seconds(
            &usersSeconds, "access.usersSeconds", 0...3_600, "How long an answer of the user service is remembered.")
    }
}
