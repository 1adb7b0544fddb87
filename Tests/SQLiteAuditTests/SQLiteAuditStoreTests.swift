import ReportModel
import ReportPorts
import ReportTesting
import SQLiteAccess
import SQLiteAudit
import Testing

@Suite struct SQLiteAuditStoreTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("audit.db") }

    init() throws { folder = try TemporaryFolder() }

    private func open(_ clock: ManualClock, keepDays: Int = 365) async throws -> SQLiteAuditStore {
        try await SQLiteAuditStore.open(path: path, keepDays: keepDays, clock: { clock.now() })
    }

    /// The real time, by which the file's own rule goes.
    private func today() throws -> Timestamp {
        let seconds = try Database(path: ":memory:").integer("SELECT unixepoch('now')")
        return Timestamp(milliseconds: try #require(seconds) * 1000)
    }

    @Test(arguments: AuditLogConformance.checks)
    func `the log in SQLite keeps every promise`(check: ConformanceCheck<AuditLogConformance.Scene>) async throws {
        let clock = ManualClock()
        let store = try await open(clock)
        try await check.run(on: .init(log: store, clock: clock))
        await store.close()
    }

    @Test(arguments: AuditLogConformance.checks)
    func `the log in memory keeps every promise`(check: ConformanceCheck<AuditLogConformance.Scene>) async throws {
        let clock = ManualClock()
        try await check.run(on: .init(log: MemoryAuditLog(clock: clock), clock: clock))
    }

    @Test(arguments: SessionStoreConformance.checks)
    func `sessions in SQLite keep every promise`(
        check: ConformanceCheck<SessionStoreConformance.Scene>
    ) async throws {
        let clock = ManualClock()
        let store = try await open(clock)
        try await check.run(on: .init(sessions: store, clock: clock))
        await store.close()
    }

    @Test(arguments: SessionStoreConformance.checks)
    func `sessions in memory keep every promise`(
        check: ConformanceCheck<SessionStoreConformance.Scene>
    ) async throws {
        let clock = ManualClock()
        try await check.run(on: .init(sessions: MemorySessionStore(clock: clock), clock: clock))
    }

    @Test func `nobody who opens the file can change an entry, or remove it before its time`() async throws {
        let clock = ManualClock(try today().adding(seconds: -364 * 86_400))
        let store = try await open(clock)
        try await store.append(AuditEntry(action: .download, userID: "u1", channel: "org-1", address: "192.0.2.7"))
        let database = try Database(path: path)
        for sql in [
            "UPDATE audit_entry SET userid = 'somebody'", "DELETE FROM audit_entry",
            "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
        ] {
            // Without this SQLite would not ask the trigger when it replaces.
            try database.execute("PRAGMA recursive_triggers = ON")
            #expect(throws: ExhaustError.self, "\(sql)") { try database.execute(sql) }
        }
        #expect(try await store.expire(before: try today()) == 0)
        #expect(try await store.entries(AuditQuery()).map(\.userID) == ["u1"])
        await store.close()
        let stricter = try await open(clock, keepDays: 300)
        #expect(try await stricter.expire(before: try today()) == 1)
        await stricter.close()
    }

    @Test func `entries and sessions outlive the process`() async throws {
        let clock = ManualClock()
        let store = try await open(clock)
        try await store.append(AuditEntry(action: .submit, userID: "u1", channel: "org-1", address: "192.0.2.7"))
        try await store.begin(
            SessionRecord(
                cookieHash: "h", userID: "u1", channel: "org-1", roles: [], endsAt: clock.now().adding(seconds: 60)))
        await store.close()
        let again = try await open(clock)
        #expect(try await again.entries(AuditQuery()).count == 1)
        #expect(try await again.session("h")?.userID == "u1")
        await again.close()
        await #expect(throws: ExhaustError.self) {
            try await again.append(AuditEntry(action: .submit, userID: nil, channel: "", address: ""))
        }
    }
}
