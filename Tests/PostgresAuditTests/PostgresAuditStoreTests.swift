import PostgresAudit
import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Testing

@Suite(.enabled(if: TestService.postgres.isToBeTested, "\(TestService.postgres.reason)"))
struct PostgresAuditStoreTests {
    private static let entry = AuditEntry(action: .download, userID: "u1", channel: "org-1", address: "192.0.2.7")

    private func withStore(
        _ clock: ManualClock = ManualClock(), _ body: (AuditScene, PostgresAuditStore) async throws -> Void
    ) async throws {
        let scene = try await AuditScene(clock: clock)
        try await scene.migrate()
        let store = try await scene.open()
        try await body(scene, store)
        await store.close()
        try await scene.end()
    }

    @Test(arguments: AuditLogConformance.checks)
    func `the log keeps every promise`(check: ConformanceCheck<AuditLogConformance.Scene>) async throws {
        try await withStore { try await check.run(on: .init(log: $1, clock: $0.clock)) }
    }

    @Test(arguments: SessionStoreConformance.checks)
    func `sessions keep every promise`(check: ConformanceCheck<SessionStoreConformance.Scene>) async throws {
        try await withStore { try await check.run(on: .init(sessions: $1, clock: $0.clock)) }
    }

    @Test func `no program can change an entry, or remove it before its time`() async throws {
        let now = try await AuditScene().sql("SELECT (extract(epoch FROM now()) * 1000)::bigint")
        let today = Timestamp(milliseconds: try #require(now.flatMap { Int64($0) }))
        try await withStore(ManualClock(today.adding(seconds: -364 * 86_400))) { scene, store in
            try await store.append(Self.entry)
            for statement in [
                "UPDATE dev_exhaust_audit SET userid = 'somebody'", "DELETE FROM dev_exhaust_audit",
                "TRUNCATE dev_exhaust_audit",
            ] {
                await #expect(throws: ExhaustError.self, "\(statement)") { try await scene.sql(statement) }
            }
            #expect(try await store.expire(before: today) == 0)
            #expect(try await store.entries(AuditQuery()).map(\.userID) == ["u1"])
            let stricter = try await scene.open(keepDays: 300)
            #expect(try await stricter.expire(before: today) == 1)
            await stricter.close()
        }
    }

    @Test func `machines share entries and sessions, and a session that one ends has ended on all`() async throws {
        try await withStore { scene, first in
            let second = try await scene.open()
            try await first.append(Self.entry)
            #expect(try await second.entries(AuditQuery()).count == 1)
            let record = SessionRecord(
                cookieHash: "h", userID: "u1", channel: "org-1", roles: ["ORG_ADMIN"],
                endsAt: scene.clock.now().adding(seconds: 60))
            try await first.begin(record)
            #expect(try await second.session("h") == record)
            try await second.end("h")
            #expect(try await first.session("h") == nil)
            await second.close()
        }
    }

    @Test func `sign-ins at once on two machines leave no more sessions than may be`() async throws {
        try await withStore { scene, first in
            let second = try await scene.open()
            let endsAt = scene.clock.now().adding(seconds: 60)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<(2 * SessionLimits.perUser) {
                    let store = number.isMultiple(of: 2) ? first : second
                    let record = SessionRecord(
                        cookieHash: "h\(number)", userID: "u1", channel: "org-1", roles: [], endsAt: endsAt)
                    group.addTask { try await store.begin(record) }
                }
                try await group.waitForAll()
            }
            #expect(try await scene.sql("SELECT count(*) FROM dev_exhaust_session") == "\(SessionLimits.perUser)")
            await second.close()
        }
    }

    @Test func `tables that are missing or newer are refused with the remedy, and migrating twice changes nothing`()
        async throws
    {
        let scene = try await AuditScene()
        let missing = await #expect(throws: ExhaustError.self) { try await scene.open() }
        #expect(missing?.code == .unavailable && missing?.remedy.contains("exhaust migrate") == true)
        try await scene.migrate()
        try await scene.migrate()
        let store = try await scene.open()
        try await store.append(Self.entry)
        await store.close()
        try await scene.sql("UPDATE exhaust_schema SET version = 9 WHERE component = 'audit'")
        #expect(await #expect(throws: ExhaustError.self) { try await scene.open() }?.code == .newerVersion)
        try await scene.end()
    }

    @Test func `a store by the server's clock takes its time from there`() async throws {
        let scene = try await AuditScene()
        try await scene.migrate()
        let store = try await PostgresAuditStore.open(scene.options, tables: scene.tables, keepDays: 365)
        try await store.append(Self.entry)
        #expect(
            try await scene.sql(
                "SELECT abs(at - extract(epoch FROM now()) * 1000) < 60000 FROM dev_exhaust_audit") == "t")
        await store.close()
        await #expect(throws: ExhaustError.self) { try await store.append(Self.entry) }
        try await scene.end()
    }
}
