import HTTPMessages
import HTTPServer
import ReportAPI
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import SecureArchive
import Synchronization
import Testing
import WebTokens

/// Access control with everything around it in memory: consumers, a provider that signs real tokens, sessions, audit.
struct AccessScene {
    let clock = ManualClock()
    let log = MemoryLog()
    let consumers = MemoryConsumers([ConsumerChannel(consumer: "c1", channel: "org-7")])
    let provider: TestProvider
    let sessionStore: MemorySessionStore
    let audit: MemoryAuditLog
    let master: MasterKey
    var rules = AccessRules()
    var claims = ClaimRules()
    var users: (any UserSource)?
    var sessionRules = Sessions.Rules()

    init() throws {
        provider = try TestProvider(clock: clock)
        sessionStore = MemorySessionStore(clock: clock)
        audit = MemoryAuditLog(clock: clock)
        master = try MasterKey(SymmetricKey.random())
        rules.trustsConsumers = true
    }

    var auditing: Auditing { Auditing(log: audit, events: log, clock: clock) }
    var cached: CachedConsumers { CachedConsumers(consumers, refreshSeconds: 3_600, clock: clock, log: log) }
    var sessions: Sessions { Sessions(store: sessionStore, rules: sessionRules, clock: clock) }
    var reader: UserReader { UserReader(rules: claims, service: users, cacheSeconds: 60, clock: clock) }

    var keys: TokenKeyRing {
        TokenKeyRing(
            clock: clock, log: log, read: TokenKeySource.published(at: TestProvider.issuer + "/certs", by: provider))
    }

    var tokens: UserTokens {
        UserTokens(
            keys: keys, rules: TokenRules(issuers: [TestProvider.issuer], audiences: ["exhaust"]), users: reader,
            clock: clock)
    }

    func access() -> RequestAccess {
        RequestAccess(rules: rules, consumers: cached, tokens: tokens, sessions: sessions, clock: clock)
    }

    func signIn(_ mode: SignIn.Mode? = nil) throws -> SignIn {
        let client = OpenIDClient(
            issuer: TestProvider.issuer, clientID: "exhaust", secret: SecretBytes(Array(TestProvider.secret.utf8)),
            scopes: ["openid", "profile"], redirect: "https://reports.example.org/v1/sign-in/callback",
            home: "https://reports.example.org/")
        return try SignIn(
            mode: mode ?? .provider(OpenIDProvider(client: client, web: provider, clock: clock, log: log)),
            sessions: sessions, users: reader, tokens: tokens, auditing: auditing, master: master, clock: clock)
    }

    /// The API with nothing but signing in and out, `/refresh-cache`, and one operation of each kind for callers.
    func api(_ mode: SignIn.Mode? = nil) throws -> APIHandler {
        try api(access: access(), signIn: try signIn(mode), auditing: auditing)
    }

    func api(access: RequestAccess, signIn: SignIn, auditing: Auditing) throws -> APIHandler {
        let scene = try ServiceScene(ImportTables())
        let ports = APIPorts(
            service: scene.ports(), settings: scene.settings, master: master, access: access,
            datasets: NoDatasets(),
            links: try LinkMinter(master: master, settings: .init(), clock: clock),
            auditing: auditing, entrance: Entrance(signIn: signIn, consumers: cached, rules: rules))
        let own = [HTTPMethod.get, .post].map { method in
            Route(method, "/v1/thing", operation: "thing") { request in
                let caller = try request.knownCaller()
                return HTTPResponse(status: 200, body: .bytes(Array((caller.userID ?? "consumer").utf8)))
            }
        }
        return APIHandler(
            table: API.routes(ports, and: own), access: access, clock: clock, observer: SilentObserver(),
            auditing: auditing)
    }

    /// A token of the provider for user-7 of org-7.
    func token(_ changes: [String: JSONValue?] = [:]) throws -> String {
        let second = clock.now().milliseconds / 1000
        let usual = JSONValue.members(
            ("iss", .string(TestProvider.issuer)), ("aud", .string("exhaust")), ("sub", .string("f:11-22:user-7")),
            ("exp", .integer(second + 300)), ("rootOrgId", .string("org-7")),
            ("realm_access", .members(("roles", .array([.string("ORG_ADMIN")])))))
        return try provider.token(TestProvider.changed(usual, changes))
    }

    /// Expects that the caller is refused with this code and message.
    func expectRefusal(
        _ fields: HTTPFields, _ code: ExhaustError.Code, _ message: String, method: HTTPMethod = .get,
        path: String = "/request/list/t", sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        do {
            let caller = try await access().caller(of: HTTPRequest(method: method, path: path, fields: fields))
            Issue.record("it was taken for \(caller)", sourceLocation: sourceLocation)
        } catch {
            #expect((error as? ExhaustError)?.code == code, sourceLocation: sourceLocation)
            #expect((error as? ExhaustError)?.message == message, sourceLocation: sourceLocation)
        }
    }
}

/// A consumer-channel table in memory, which can be changed and broken.
final class MemoryConsumers: ConsumerTable {
    private let state: Mutex<(rows: [ConsumerChannel], isBroken: Bool, reads: Int)>

    init(_ rows: [ConsumerChannel]) { state = Mutex((rows, false, 0)) }

    var rows: [ConsumerChannel] {
        get { state.withLock { $0.rows } }
        set { state.withLock { $0.rows = newValue } }
    }
    var isBroken: Bool {
        get { state.withLock { $0.isBroken } }
        set { state.withLock { $0.isBroken = newValue } }
    }
    var reads: Int { state.withLock { $0.reads } }

    func allowedConsumers() async throws -> [ConsumerChannel] {
        try state.withLock { state in
            state.reads += 1
            if state.isBroken { throw ExhaustError(.storageFailed, "consumer_channel: the disk is gone") }
            return state.rows
        }
    }
}

/// A user service in memory.
final class MemoryUsers: UserSource {
    private let state: Mutex<(users: [String: UserRecord], asked: [String])>

    init(_ users: [String: UserRecord]) { state = Mutex((users, [])) }

    var asked: [String] { state.withLock { $0.asked } }

    func user(_ id: String, token: String) async throws -> UserRecord {
        try state.withLock { state in
            state.asked.append(id)
            guard let user = state.users[id] else { throw ExhaustError(.forbidden, "user not found.") }
            return user
        }
    }
}

struct NoDatasets: DatasetStore {
    func dataset(subID: String) async throws -> DatasetMetadata? { nil }
    func datasets() async throws -> [DatasetMetadata] { [] }
    func put(_ dataset: DatasetMetadata) async throws -> Bool { false }
}

struct SilentObserver: APIObserver {
    func answered(_ request: HTTPRequest, _ route: Route?, status: Int, after duration: Duration) {}
    func failed(_ request: HTTPRequest, _ route: Route?, caller: Caller?, _ error: ExhaustError) {}
}

extension HTTPResponse {
    /// The body as text.
    var text: String {
        if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
    }

    /// The body as JSON.
    var json: JSONValue { get throws { try JSONValue(parsing: text) } }
}
