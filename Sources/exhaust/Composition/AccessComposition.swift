import HTTPClient
import ReportAPI
import ReportModel
import ReportPorts
import ReportService
import SampleData
import SecureArchive
import Settings
import WebTokens

/// How callers come in, as settings say. Refuses to start where nothing says who may do what.
struct AccessComposition: Sendable {
    /// Where the server listens.
    struct Listening: Sendable {
        /// Whether only this machine can connect.
        var isLoopback: Bool
        /// Whether the server itself speaks TLS.
        var hasTLS: Bool
        /// Proxies of one's own in front (`http.proxies`).
        var proxies = 0
    }

    /// What the entrance is made from.
    struct Ports: Sendable {
        let audit: OpenAudit
        let consumers: any ConsumerTable
        /// The platform's user service; nil where none is configured.
        let users: (any UserSource)?
        let web: any WebClient
        let master: MasterKey
        let clock: any ServiceClock
        let log: any EventLog
    }

    let control: RequestAccess
    let entrance: Entrance
    let auditing: Auditing

    init(_ settings: Settings, _ ports: Ports, listening: Listening) throws {
        try Self.check(settings, listening, hasUserService: ports.users != nil)
        for warning in Self.warnings(settings) {
            ports.log.log(.warning, "unwise-setting", [("text", .string(warning))])
        }
        let rules = Self.rules(settings)
        let addresses = ClientAddress(proxies: listening.proxies)
        auditing = Auditing(log: ports.audit.log, events: ports.log, clock: ports.clock, addresses: addresses)
        let users = UserReader(
            rules: Self.claims(settings.access), service: settings.access.users == .service ? ports.users : nil,
            cacheSeconds: settings.access.usersSeconds, clock: ports.clock)
        let tokens = try Self.tokens(settings.access, users, ports)
        var sessionRules = Sessions.Rules()
        sessionRules.hours = settings.signIn.sessionSeconds / 3_600
        sessionRules.isSecure =
            listening.hasTLS || !listening.isLoopback || settings.http.address.hasPrefix("https://")
        let sessions = Sessions(store: ports.audit.sessions, rules: sessionRules, clock: ports.clock)
        let consumers = CachedConsumers(
            ports.consumers, refreshSeconds: Double(settings.access.consumerMinutes) * 60, clock: ports.clock,
            log: ports.log)
        control = RequestAccess(
            rules: rules, consumers: consumers, tokens: tokens, sessions: sessions, clock: ports.clock)
        let signIn = try SignIn(
            mode: Self.mode(settings, rules, ports), sessions: sessions, users: users, tokens: tokens,
            auditing: auditing, master: ports.master, clock: ports.clock, addresses: addresses)
        entrance = Entrance(signIn: signIn, consumers: consumers, rules: rules)
    }

    /// The demo's user.
    static let demoCaller = Caller(
        credential: .demo, channel: SampleData.organisation, userID: "demo-admin", roles: ["ORG_ADMIN"])

    private static func rules(_ settings: Settings) -> AccessRules {
        let access = settings.access
        let rates = settings.signIn
        var rules = AccessRules()
        rules.roles = Set(access.roles)
        rules.organisationRoles = Set(access.organisationRoles)
        rules.batchScope = AccessRules.BatchScope(rawValue: access.batchScope.rawValue)
        rules.trustsConsumers = access.trustsConsumers
        rules.gatewaySecret = access.gatewaySecret.isEmpty ? nil : SecretBytes(Array(access.gatewaySecret.utf8))
        rules.consumerRate = RateLimit(
            perSecond: Double(rates.consumerPerMinute) / 60, burst: Double(rates.consumerBurst))
        rules.userRate = RateLimit(perSecond: Double(rates.userPerMinute) / 60, burst: Double(rates.userBurst))
        rules.demo = access.isDemo ? demoCaller : nil
        return rules
    }

    private static func claims(_ access: AccessSettings) -> ClaimRules {
        var claims = ClaimRules()
        claims.user = access.userClaim
        claims.roles = access.rolesClaim
        claims.organisation = access.organisationClaim
        claims.usualOrganisation = access.usualOrganisation
        return claims
    }

    private static func tokens(_ access: AccessSettings, _ users: UserReader, _ ports: Ports) throws -> UserTokens? {
        guard !access.tokenKeys.isEmpty else { return nil }
        let ring: TokenKeyRing
        if access.tokenKeys.contains("://") {
            ring = TokenKeyRing(
                clock: ports.clock, log: ports.log, read: TokenKeySource.published(at: access.tokenKeys, by: ports.web))
        } else {
            let path = access.tokenKeys
            let read: @Sendable () throws -> [TokenKey] = {
                try TokenKeySource.keys(
                    inFile: TextFile.read(path, limit: TokenKeySet.byteLimit), name: "access.token.keys \(path)")
            }
            // A file that is not right stops the start, not the first request.
            _ = try read()
            ring = TokenKeyRing(clock: ports.clock, log: ports.log) { try await FolderWork.run { try read() } }
        }
        let rules = TokenRules(
            issuers: Set(access.issuers), audiences: Set(access.audiences), leewaySeconds: access.leewaySeconds)
        return UserTokens(keys: ring, rules: rules, users: users, clock: ports.clock)
    }

    private static func mode(_ settings: Settings, _ rules: AccessRules, _ ports: Ports) -> SignIn.Mode {
        let signIn = settings.signIn
        if let demo = rules.demo { return .demo(demo) }
        if !signIn.portalOrigins.isEmpty {
            return .portal(origins: Set(signIn.portalOrigins), address: signIn.portalAddress)
        }
        guard !signIn.issuer.isEmpty else { return .none }
        let address = settings.http.address
        let base = address.hasSuffix("/") ? String(address.dropLast()) : address
        let client = OpenIDClient(
            issuer: signIn.issuer, clientID: signIn.clientID,
            secret: signIn.clientSecret.isEmpty ? nil : SecretBytes(Array(signIn.clientSecret.utf8)),
            scopes: signIn.scopes, redirect: "\(base)/v1/sign-in/callback", home: "\(base)/")
        return .provider(OpenIDProvider(client: client, web: ports.web, clock: ports.clock, log: ports.log))
    }
}
