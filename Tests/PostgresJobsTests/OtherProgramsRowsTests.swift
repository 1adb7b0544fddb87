import JobLifecycle
import PostgresAccess
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@testable import PostgresJobs

/// Rows of other programs are not our queue.
@Suite(.needsPostgres) struct OtherProgramsRowsTests {
    private static let reports: Set = ["progress-exhaust", "response-exhaust"]

    /// Many stranded rows of a program of before, in the channel of ours, and two of ours behind them.
    private func scene() async throws -> PostgresScene {
        let scene = try await PostgresScene(rules: JobRules(reports: Self.reports))
        try await scene.sql(
            """
            INSERT INTO dev_job_request (tag, request_id, job_id, status, requested_channel, dt_job_submitted)
            SELECT 't', 'X' || i, 'druid-dataset', 'SUBMITTED', CASE WHEN i % 9 = 0 THEN 'org-9' ELSE 'org-7' END,
                timestamp '2001-01-01' + i * interval '1 second' FROM generate_series(1, 3000) i
            """)
        try await scene.jobs.submit(JobScene.row("A"))
        scene.clock.advance(seconds: 1)
        try await scene.jobs.submit(JobScene.row("B", report: "response-exhaust"))
        try await scene.sql("ANALYZE dev_job_request")
        return scene
    }

    @Test func `they have no place in the line and do not age the queue`() async throws {
        let scene = try await scene()
        let line = try await scene.store.waitingLine()
        #expect(line.count == 2 && line[JobScene.row("A").key] == 0 && line[JobScene.row("B").key] == 1)
        let tally = try await scene.store.tally().filter { $0.status == .submitted }
        #expect(
            tally.map(\.report).sorted() == ["druid-dataset", "progress-exhaust", "response-exhaust"])
        #expect(tally.filter { $0.oldest == nil }.map(\.report) == ["druid-dataset"])
        #expect(await scene.store.health().first?.figures["requests_waiting"] == 2)
        try await scene.end()
    }

    @Test func `a look for work neither finds nor reads them`() async throws {
        let scene = try await scene()
        let sql = scene.store.sql
        let now = PostgresValue.integer(scene.clock.now().milliseconds)
        let names = PostgresValue.texts(Self.reports.sorted())
        let looks: [(String, [PostgresValue])] = [
            (sql.waitingChannels, [names]),
            (
                sql.oldestWaiting(width: 16, locked: true),
                [.text("org-7"), names, now, .integer(1), .integer(0)]
            ),
            (sql.areMoreWaiting(width: 16), [.text("org-7"), names]),
        ]
        for (look, values) in looks {
            let plan = try await scene.other.run { connection in
                let rows = try connection.query(
                    "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) \(look)", values)
                return (0..<rows.count).map { rows.text($0, 0) ?? "" }
            }
            #expect(
                plan.contains { $0.contains("dev_job_request_exhaust_turn") },
                "\(plan.joined(separator: "\n"))")
            // What is read is a few, however many others have.
            let counts = plan.flatMap { line in
                let words = line.split(separator: " ")
                let removed = line.contains("Rows Removed by Filter:") ? words.suffix(1) : []
                return words.filter { $0.hasPrefix("rows=") }.dropFirst() + removed
            }.compactMap { Int($0.drop { !$0.isNumber }.prefix { $0.isNumber }) }
            #expect(!counts.isEmpty && counts.allSatisfy { $0 < 100 }, "\(plan.joined(separator: "\n"))")
        }
        for id in ["A", "B"] {
            #expect(try await scene.jobs.lease("w", reports: Self.reports)?.request.requestID == id)
        }
        #expect(try await scene.jobs.lease("w", reports: Self.reports) == nil)
        // Who asks for all still gets all, the channel with the smaller share first.
        #expect(try await scene.jobs.lease("w")?.request.requestID == "X9")
        try await scene.end()
    }

    @Test func `behind many that are held by others the next one is found`() async throws {
        let scene = try await PostgresScene(connections: 2)
        try await scene.sql(
            """
            INSERT INTO dev_job_request (tag, request_id, job_id, status, requested_channel, dt_job_submitted)
            SELECT 't', 'X' || to_char(i, 'FM000'), 'progress-exhaust', 'SUBMITTED', 'org-7', timestamp '2001-01-01'
            FROM generate_series(1, 300) i
            """)
        let holder = try PostgresConnection(scene.options)
        try holder.query("BEGIN")
        try holder.query("SELECT 1 FROM \(scene.tables.request) WHERE request_id <= 'X280' FOR UPDATE")
        #expect(try await scene.jobs.leaseNext().request.requestID == "X281")
        try holder.query("ROLLBACK")
        #expect(try await scene.jobs.leaseNext().request.requestID == "X001")
        try await scene.end()
    }
}
