import HTTPMessages
import HTTPServer
import JobLifecycle
import ReportAPI
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import SQLiteAccess
import SQLiteJobs
import SecureArchive
import Testing
import WebTokens

/// The request API over the embedded job store, with a manual clock and everything else in memory.
struct DialectScene: Sendable {
    let service: ServiceScene
    let folder: TemporaryFolder
    let store: SQLiteJobStore
    let provider: TestProvider
    let audit: MemoryAuditLog
    let ports: APIPorts
    let handler: APIHandler
    var clock: ManualClock { service.clock }

    /// A scene at `now` with the courses of `CourseTables` and the consumer c1.
    init(
        at now: Timestamp = Timestamp(milliseconds: 1_706_691_600_000), settings: ServiceSettings = ServiceSettings(),
        tables: ImportTables = CourseTables.make(), channels: [String] = ["org-1", "org-2", "org-7", "org-8"],
        batchScope: AccessRules.BatchScope? = nil
    ) async throws {
        let clock = ManualClock(now)
        folder = try TemporaryFolder()
        store = try await SQLiteJobStore.open(path: folder.file("jobs.db"), clock: { clock.now() }, jitter: { 0.5 })
        service = try ServiceScene(tables, settings: settings, clock: clock)
        provider = try TestProvider(clock: clock)
        audit = MemoryAuditLog(clock: clock)
        var rules = AccessRules()
        rules.trustsConsumers = true
        rules.batchScope = batchScope
        rules.consumerRate = RateLimit(perSecond: 0, burst: 1)
        rules.userRate = RateLimit(perSecond: 0, burst: 1)
        let consumers = CachedConsumers(
            MemoryConsumers(channels.map { ConsumerChannel(consumer: "c1", channel: $0) }), refreshSeconds: 3_600,
            clock: clock, log: service.log)
        let keys = TokenKeyRing(
            clock: clock, log: service.log,
            read: TokenKeySource.published(at: TestProvider.issuer + "/certs", by: provider))
        let users = UserReader(rules: ClaimRules(), service: StubUsers(), cacheSeconds: 60, clock: clock)
        let tokens = UserTokens(
            keys: keys, rules: TokenRules(issuers: [TestProvider.issuer], audiences: ["exhaust"]), users: users,
            clock: clock)
        let access = RequestAccess(rules: rules, consumers: consumers, tokens: tokens, sessions: nil, clock: clock)
        let auditing = Auditing(log: audit, events: service.log, clock: clock)
        let signIn = try SignIn(
            mode: .none, sessions: Sessions(store: MemorySessionStore(clock: clock), rules: .init(), clock: clock),
            users: users, tokens: tokens, auditing: auditing, master: service.master, clock: clock)
        var ports = service.ports()
        ports.jobs = store
        var links = LinkSettings()
        links.address = "https://reports.example.org/"
        self.ports = APIPorts(
            service: ports, settings: settings, master: service.master, access: access, datasets: store,
            links: try LinkMinter(master: service.master, settings: links, clock: clock),
            auditing: auditing, entrance: Entrance(signIn: signIn, consumers: consumers, rules: rules))
        handler = APIHandler(
            table: API.routes(self.ports), access: access, clock: clock, observer: SilentObserver(),
            auditing: self.ports.auditing)
    }

    /// Lets another program at the tables, in PostgreSQL's words.
    func sql(_ statement: String) throws {
        var text = statement.replacing(/ARRAY\[([^\]]*)\]::text\[\]/) { "json_array(\($0.1))" }
        text = text.replacing("'{{a,b},{c,d}}'", with: #"'[["a","b"],["c","d"]]'"#)
        try Database(path: folder.file("jobs.db")).execute(text)
    }

    /// A token of user `id`, whose roles and organisation `StubUsers` knows.
    func token(_ id: String) throws -> String {
        let second = clock.now().milliseconds / 1000
        return try provider.token(
            .members(
                ("iss", .string(TestProvider.issuer)), ("aud", .string("exhaust")), ("sub", .string(id)),
                ("exp", .integer(second + 300))))
    }

    /// Sends a request; `fields` come beside those of consumer c1, channel org-1 and JSON.
    func send(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, fields: HTTPFields? = nil
    ) async -> HTTPResponse {
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let usual: HTTPFields = ["X-Channel-ID": "org-1", "X-Consumer-ID": "c1", "Content-Type": "application/json"]
        return await handler.respond(
            to: HTTPRequest(
                method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
                fields: fields ?? usual, body: TextBody(body ?? "")))
    }

    /// The fields of user `id` in `channel`.
    func user(_ id: String, channel: String = "org-1") throws -> HTTPFields {
        [
            "X-Channel-ID": channel, "x-authenticated-user-token": try token(id), "X-Authenticated-Userid": id,
            "Content-Type": "application/json",
        ]
    }

    /// Does what waits.
    func work() async throws {
        try await Worker(name: "worker-1", ports: ports.service, settings: ports.settings, master: service.master)
            .run(.once)
    }

    func close() async { await store.close() }
}

/// The profile service of the recordings, and some users of the courses.
struct StubUsers: UserSource {
    private static let users: [String: UserRecord] = [
        "u-orgadmin": UserRecord(rootOrganisation: "org-7", roles: ["ORG_ADMIN"]),
        "u-public": UserRecord(rootOrganisation: "org-7", roles: ["PUBLIC"]),
        "u-otherorg": UserRecord(rootOrganisation: "org-8", roles: ["ORG_ADMIN"]),
        "u-noroles": UserRecord(rootOrganisation: "org-7", roles: []),
        "u-nullrootorg": UserRecord(rootOrganisation: nil, roles: ["ORG_ADMIN"]),
        "u-empty": UserRecord(rootOrganisation: nil, roles: []),
        "u-dataset": UserRecord(rootOrganisation: "org-7", roles: ["DATASET_ROLE"]),
        "admin-1": UserRecord(rootOrganisation: "org-1", roles: ["ORG_ADMIN"]),
        "mentor-1": UserRecord(rootOrganisation: "org-1", roles: ["COURSE_MENTOR"]),
    ]

    func user(_ id: String, token: String) async throws -> UserRecord {
        if id == "u-slow" { throw ExhaustError(.unavailable, "user service: it does not answer") }
        if id == "u-clienterr" { throw ExhaustError(.forbidden, "Unauthorized user") }
        guard let user = Self.users[id] else { throw ExhaustError(.forbidden, "user not found.") }
        return user
    }
}
