import PostgresAccess
import ReportModel
import ReportTesting
import Testing

@testable import PostgresJobs

/// Bringing up a database that others are at.
@Suite(.needsPostgres) struct MigrationTests {
    private static let extras = ["dev_job_request_exhaust_turn", "dev_job_request_exhaust_id"]

    private func dropExtras(_ scene: PostgresScene) async throws {
        for name in Self.extras { try await scene.sql("DROP INDEX IF EXISTS \(name)") }
        try await scene.sql("DROP TRIGGER IF EXISTS exhaust_notice ON dev_job_request")
    }

    @Test func `several programs at once all succeed, and nothing is made twice`() async throws {
        let scene = try await PostgresScene()
        try await dropExtras(scene)
        let reports = try await withThrowingTaskGroup(of: JobMigration.Report.self) { group in
            for _ in 0..<6 {
                group.addTask { try await JobMigration(scene.options, tables: scene.tables).run() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(reports.flatMap(\.made).count == 3 && reports.allSatisfy { $0.refused.isEmpty })
        #expect(try await scene.store.findings().isEmpty)
        try await scene.end()
    }

    @Test func `a reader that takes longer than lockSeconds does not end the making of an index`()
        async throws
    {
        let scene = try await PostgresScene()
        try await dropExtras(scene)
        var options = scene.options
        options.lockSeconds = 0.2
        let reader = try PostgresConnection(scene.options)
        try reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
        try reader.query("SELECT count(*) FROM \(scene.tables.request)")
        let migration = JobMigration(options, tables: scene.tables)
        let running = Task { try await migration.run() }
        let waiting = """
            SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%\(scene.tables.schema)%'
                AND wait_event_type = 'Lock' AND clock_timestamp() - query_start > interval '1 second'
            """
        while try await scene.text(waiting) == "0" { await Task.yield() }
        // The workers are told of new rows already.
        #expect(
            try await scene.text("SELECT count(*) FROM pg_trigger WHERE tgname = 'exhaust_notice'") != "0"
        )
        try reader.query("COMMIT")
        #expect(try await running.value.made.count == 3)
        #expect(try await scene.store.findings().isEmpty)
        try await scene.end()
    }

    @Test
    func
        `an index whose making was cut off is made anew, and that of a version before is taken away`()
        async throws
    {
        let scene = try await PostgresScene()
        try await scene.sql("CREATE INDEX dev_job_request_exhaust_wait ON dev_job_request (status)")
        try await scene.sql(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'dev_job_request_exhaust_turn'::regclass"
        )
        #expect(try await scene.store.findings().count == 1)
        let report = try await JobMigration(scene.options, tables: scene.tables).run()
        #expect(report.made == ["index dev_job_request_exhaust_turn"])
        #expect(try await scene.store.findings().isEmpty)
        #expect(
            try await scene.text("SELECT to_regclass('dev_job_request_exhaust_wait') IS NULL") == "t")
        try await scene.end()
    }

    @Test func `another program that is at it for too long is told of`() async throws {
        let scene = try await PostgresScene()
        let holder = try PostgresConnection(scene.options)
        try holder.query(
            "SELECT pg_advisory_lock(\(JobSQL.advisoryClass), "
                + "hashtext(\(SQLName.constant(scene.tables.version)) || ' extras'))")
        let migration = JobMigration(scene.options, tables: scene.tables, waitSeconds: 0)
        let error = await failure { _ = try await migration.run() }
        #expect(error?.code == .unavailable && error?.remedy.contains("pg_stat_activity") == true)
        try await scene.end()
    }
}
