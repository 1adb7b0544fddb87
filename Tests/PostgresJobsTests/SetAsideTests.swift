import JobLifecycle
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@testable import PostgresJobs

/// A row that cannot be worked on stops nobody else's.
@Suite(.needsPostgres) struct SetAsideTests {
    /// Which request, and what became of it.
    private func lines(_ scene: PostgresScene) throws -> [String] {
        try scene.log.lines.filter { $0.event == "request-set-aside" }.map { line in
            let value = try JSONValue(parsing: line.values)
            return "\(value["request"]?.text ?? "") \(value["outcome"]?.text ?? "")"
        }
    }

    @Test func `a request whose run cannot be stored is failed, and the next one leased`() async throws {
        let scene = try await PostgresScene()
        try await scene.sql("ALTER TABLE dev_job_run ADD CHECK (request_id <> 'F')")
        var row = JobScene.row("F")
        row.status = .submitted
        try await scene.writeForeign(row)
        scene.clock.advance(seconds: 1)
        try await scene.jobs.submit("A")
        #expect(try await scene.jobs.leaseNext().request.requestID == "A")
        let failed = try await scene.jobs.stored("F")
        #expect(failed.request.status == .failed && failed.request.iteration == 1 && failed.run == nil)
        #expect(failed.request.errorMessage?.contains("the service's log") == true)
        #expect(try lines(scene) == ["F failed"])
        try await scene.end()
    }

    @Test func `rows that cannot even be failed are left, told of once, and taken when they are mended`() async throws {
        let scene = try await PostgresScene()
        for id in ["A", "B", "C"] {
            try await scene.jobs.submit(id)
            scene.clock.advance(seconds: 1)
        }
        try await scene.sql("ALTER TABLE dev_job_request ADD CHECK (request_id <> 'A' OR status = 'SUBMITTED')")
        try await scene.sql("UPDATE dev_job_run SET files = 'none' WHERE request_id = 'B'")
        let lease = try await scene.jobs.leaseNext()
        #expect(lease.request.requestID == "C")
        try await scene.jobs.succeed(lease)
        #expect(try await scene.jobs.lease() == nil)
        #expect(try lines(scene) == ["A left", "B left"])
        #expect(try await scene.text("SELECT count(*) FROM dev_job_request WHERE status = 'SUBMITTED'") == "2")
        try await scene.sql("UPDATE dev_job_run SET files = '[]' WHERE request_id = 'B'")
        scene.clock.advance(seconds: RowsSetAside.seconds)
        #expect(try await scene.jobs.leaseNext().request.requestID == "B")
        #expect(try lines(scene) == ["A left", "B left", "A left"])
        try await scene.end()
    }

    @Test func `a lease that ended and cannot be taken back stops no other`() async throws {
        let scene = try await PostgresScene()
        for id in ["A", "B"] {
            try await scene.jobs.submit(id)
            _ = try await scene.jobs.leaseNext()
        }
        try await scene.sql("ALTER TABLE dev_job_request ADD CHECK (request_id <> 'A' OR status = 'PROCESSING')")
        scene.clock.advance(seconds: 60)
        #expect(try await scene.jobs.leaseNext("worker-2").request.requestID == "B")
        #expect(try lines(scene) == ["A left"])
        try await scene.end()
    }

    @Test func `who cannot take an outcome over does not keep the leader from its end`() async throws {
        let scene = try await PostgresScene()
        let config = #"{"batchId":"b1"}"#
        for id in ["A", "B", "C"] { try await scene.jobs.submit(JobScene.row(id, config: config)) }
        try await scene.sql("UPDATE dev_job_run SET publishing = '{' WHERE request_id = 'B'")
        try await scene.jobs.succeed(try await scene.jobs.leaseNext())
        #expect(
            try await scene.text("SELECT string_agg(status, ' ' ORDER BY request_id) FROM dev_job_request")
                == "SUCCESS SUBMITTED SUCCESS")
        #expect(try lines(scene) == ["B left"])
        try await scene.end()
    }

    @Test func `share keys of before are made short`() async throws {
        let scene = try await PostgresScene()
        let config = #"{"batchId":"b1"}"#
        for id in ["A", "B"] { try await scene.jobs.submit(JobScene.row(id, config: config)) }
        let short = try await scene.text("SELECT DISTINCT share_key FROM dev_job_run")
        #expect(short?.utf8.count == 64)
        try await scene.sql(
            #"UPDATE dev_job_run SET share_key = '16:progress-exhaust16:{"batchId":"b1"}0:5:org-76:user-90:'"#)
        for column in ["question", "stretches_done", "stretches_expected"] {
            try await scene.sql("ALTER TABLE dev_job_run DROP COLUMN \(column)")
        }
        try await scene.sql("UPDATE dev_exhaust_schema SET version = 1 WHERE component = 'jobs'")
        #expect(try await JobMigration(scene.options, tables: scene.tables).run().versions.before == 1)
        #expect(try await scene.text("SELECT DISTINCT share_key FROM dev_job_run") == short)
        try await scene.end()
    }
}
