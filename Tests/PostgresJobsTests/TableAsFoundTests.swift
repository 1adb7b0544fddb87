import JobLifecycle
import PostgresAccess
import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Testing

@testable import PostgresJobs

/// The table is somebody else's: types, widths and what stands in it are as they are found (upstream.md 1.1).
@Suite(.needsPostgres) struct TableAsFoundTests {
    static let columns = RequestShape.names
    /// The DDL of upstream's own tests: everything text, another key.
    static let allText: String = {
        let types = columns.map { $0 == "execution_time" ? "execution_time bigint" : "\($0) TEXT" }
        return "CREATE TABLE dev_job_request (\(types.joined(separator: ", ")), PRIMARY KEY (request_id))"
    }()
    /// The first DDL of deployments, with the columns that were added later.
    static let oldest = """
        CREATE TABLE dev_job_request (tag VARCHAR(100), request_id VARCHAR(50), job_id VARCHAR(50), status VARCHAR(50),
            request_data json, requested_by VARCHAR(50), requested_channel VARCHAR(50), dt_job_submitted TIMESTAMP,
            download_urls text[], dt_file_created TIMESTAMP, dt_job_completed TIMESTAMP, execution_time INTEGER,
            err_message VARCHAR(100), iteration INTEGER, encryption_key VARCHAR(50), PRIMARY KEY (tag, request_id));
        ALTER TABLE dev_job_request ADD COLUMN batch_number INTEGER;
        ALTER TABLE dev_job_request ADD COLUMN processed_batches text;
        ALTER TABLE dev_job_request ADD COLUMN note_of_somebody_else text DEFAULT 'theirs'
        """

    @Test(arguments: [allText, oldest])
    func `a request lives its life in a table of any of upstream's forms`(table: String) async throws {
        let scene = try await PostgresScene(prepare: table)
        try await scene.jobs.submit("A")
        try await scene.jobs.fail(try await scene.jobs.leaseNext(), message: String(repeating: "x", count: 250))
        let failed = try await scene.jobs.stored("A").request
        let width = table == Self.oldest ? 100 : 250
        #expect(failed.errorMessage?.count == width && failed.iteration == 1)
        scene.clock.advance(seconds: 60)
        let lease = try await scene.jobs.leaseNext()
        try await scene.jobs.finishBatch(lease, "b1")
        _ = try await scene.store.finish(lease.token, .succeeded(receipt: "{}", milliseconds: 1 << 40))
        let done = try await scene.jobs.stored("A").request
        #expect(done.downloadPaths == ["progress-exhaust/A/b1_progress_20240131.zip"])
        #expect(done.executionMilliseconds == (table == Self.oldest ? Int64(Int32.max) : 1 << 40))
        #expect(try await scene.store.requests(RequestQuery(statuses: [.success])).count == 1)
        try await scene.end()
    }

    @Test func `narrow columns and missing extras are told with what to do`() async throws {
        let scene = try await PostgresScene(prepare: Self.oldest)
        let found = try await scene.store.findings()
        #expect(found.map { $0.text.split(separator: " ")[2] } == ["err_message:", "encryption_key:"])
        #expect(found.allSatisfy { $0.remedy.contains("ALTER TABLE") })
        try await scene.sql("DROP INDEX dev_job_request_exhaust_turn")
        try await scene.sql("DROP TRIGGER exhaust_notice ON dev_job_request")
        let after = try await scene.store.findings().suffix(2)
        #expect(after.first?.text.contains("trigger exhaust_notice") == true)
        #expect(after.last?.text.contains("index dev_job_request_exhaust_turn") == true)
        let again = try await JobMigration(scene.options, tables: scene.tables).run()
        #expect(again.made == ["trigger exhaust_notice", "index dev_job_request_exhaust_turn"] && !again.madeRequests)
        #expect(try await scene.store.findings().count == 2)
        #expect(try await JobMigration(scene.options, tables: scene.tables).run().made.isEmpty)
        try await scene.end()
    }

    @Test func `a row of upstream's programs is worked on, and what we did not change stays to the letter`()
        async throws
    {
        let scene = try await PostgresScene(prepare: Self.oldest)
        let sent = #"{ "batchId" : "b1",  "n": 1.0 }"#
        try await scene.sql(
            """
            INSERT INTO dev_job_request VALUES ('do_1_b1:org-7', 'F', 'progress-exhaust', 'submitted', '\(sent)', 'user-9',
                'org-7', '2024-01-31 09:00:00.123456', '{https://old.example/a_b0.zip}', NULL, '2024-01-01 00:00:00.5', 7,
                '', NULL, NULL, 3, '[{"channel":"org-7","batchId":"b0","filePath":"p/b0.csv","fileSize":"12"}, {}]')
            """)
        let lease = try await scene.jobs.leaseNext()
        #expect(lease.request.iteration == 0 && lease.request.downloadPaths == ["https://old.example/a_b0.zip"])
        #expect(lease.request.processedBatches.map(\.fileSize) == [12])
        try await scene.jobs.finishBatch(lease, "b1")
        let done = try await scene.jobs.succeed(lease)
        #expect(done.request.downloadPaths == ["progress-exhaust/F/b1_progress_20240131.zip", "p/b0.zip"])
        let row = try await scene.text(
            """
            SELECT concat_ws('|', status, request_data, dt_job_submitted, download_urls::text, execution_time,
                coalesce(err_message, 'null'), coalesce(iteration::text, 'null'), batch_number,
                processed_batches::json->0->>'fileSize', note_of_somebody_else) FROM dev_job_request
            """)
        #expect(
            row
                == "SUCCESS|\(sent)|2024-01-31 09:00:00.123456|{progress-exhaust/F/b1_progress_20240131.zip,p/b0.zip}|42"
                + "|null|null|3|12|theirs")
        try await scene.end()
    }

    @Test(
        arguments: [
            ("submitted", RequestStatus.submitted, nil), ("COMPLETED", .success, nil), ("Failed", .failed, nil),
            ("WHAT", .failed, "the row has a status that is not known: WHAT"),
        ] as [(String, RequestStatus, String?)])
    func `a status is read in any case, and an unknown one says so`(
        text: String, status: RequestStatus, message: String?
    ) async throws {
        let scene = try await PostgresScene()
        try await scene.jobs.submit("A")
        try await scene.sql("UPDATE dev_job_request SET status = '\(text)'")
        let request = try await scene.jobs.stored("A").request
        #expect(request.status == status && request.errorMessage == message)
        let lease = try await scene.jobs.lease()
        #expect((lease != nil) == (status == .submitted))
        try await scene.end()
    }

    @Test func `rows without channel, time or configuration are leased, the timeless first`() async throws {
        let scene = try await PostgresScene()
        try await scene.jobs.submit("A")
        try await scene.sql("INSERT INTO dev_job_request (tag, request_id, status) VALUES ('t', 'X', 'SUBMITTED')")
        #expect(try await scene.jobs.leaseNext().request.requestID == "X")
        #expect(try await scene.jobs.leaseNext().request.requestID == "A")
        try await scene.end()
    }

    @Test func `a list goes on behind rows without a time, and within one millisecond`() async throws {
        let scene = try await PostgresScene()
        for (id, time) in [
            ("A", "'2024-01-31 09:00:00.1'"), ("B", "'2024-01-31 09:00:00.1009'"), ("C", "'2024-01-31 09:00:00.1004'"),
            ("F", "NULL"), ("E", "NULL"),
        ] {
            try await scene.sql(
                "INSERT INTO dev_job_request (tag, request_id, dt_job_submitted) VALUES ('t', '\(id)', \(time))")
        }
        for limit in 1...3 {
            var listed: [String] = []
            var query = RequestQuery(limit: limit)
            while listed.count < 9, let last = try await scene.store.requests(query).last?.request {
                listed += try await scene.store.requests(query).map(\.request.requestID)
                query.after = RequestPlace(of: last)
            }
            #expect(listed == ["B", "C", "A", "E", "F"], "\(limit)")
        }
        try await scene.end()
    }

    @Test func `a table without a column, and a database without the table, are told with what to do`() async throws {
        let scene = try await PostgresScene()
        try await scene.sql("ALTER TABLE dev_job_request DROP COLUMN processed_batches, DROP COLUMN batch_number")
        let error = await failure { _ = try await scene.openAgain() }
        #expect(error?.code == .dataDamaged && error?.message.contains("batch_number, processed_batches") == true)
        #expect(error?.remedy.contains("ADD COLUMN processed_batches text") == true)
        try await scene.sql("DROP TABLE dev_job_request")
        let gone = await failure { _ = try await scene.openAgain() }
        #expect(gone?.code == .dataDamaged && gone?.message.contains("there is no table") == true)
        try await scene.end()
    }

    @Test func `a store that needs a migration, or is too new, is refused`() async throws {
        let scene = try await PostgresScene()
        try await scene.sql("UPDATE dev_exhaust_schema SET version = 99")
        #expect(await failure { _ = try await scene.openAgain() }?.code == .newerVersion)
        try await scene.sql("UPDATE dev_exhaust_schema SET version = 0")
        let old = await failure { _ = try await scene.openAgain() }
        #expect(old?.code == .unavailable && old?.remedy.contains("exhaust migrate") == true)
        try await scene.end()
    }

    @Test func `a text that is longer than its column is refused by name, and nothing is written`() async throws {
        let scene = try await PostgresScene(prepare: Self.oldest)
        let error = await failure {
            try await scene.jobs.submit(JobScene.row("A", by: String(repeating: "u", count: 51)))
        }
        #expect(error?.code == .invalidInput && error?.message.contains("requested_by: 51") == true)
        #expect(try await scene.store.requests(RequestQuery()).isEmpty)
        try await scene.end()
    }

    @Test func `no value is cut: neither a key that is too long, nor what a resubmission brings`()
        async throws
    {
        let scene = try await PostgresScene(prepare: Self.oldest)
        var row = JobScene.row("D", report: "druid-dataset")
        row.encryptionKey = String(repeating: "k", count: 88)
        let error = await failure {
            _ = try await scene.store.submit(Submission(request: row, isForOthers: true))
        }
        #expect(error?.code == .invalidInput && error?.message.contains("encryption_key: 88") == true)
        #expect(error?.mender == .operator && error?.remedy.contains("varchar(88)") == true)
        #expect(try await scene.store.requests(RequestQuery()).isEmpty)
        try await scene.jobs.submit("A")
        let longer = JobScene.row(
            "A", by: String(repeating: "u", count: 51), config: #"{"batchId":"b2"}"#)
        #expect(
            await failure { try await scene.jobs.submit(longer) }?.message.contains("requested_by: 51")
                == true)
        #expect(try await scene.jobs.stored("A").request.requestedBy == "user-9")
        try await scene.end()
    }

    @Test
    func `the server itself refuses what is too long for a column whose width was found otherwise`()
        async throws
    {
        let scene = try await PostgresScene()
        try await scene.jobs.submit("A")
        try await scene.sql("ALTER TABLE dev_job_request ALTER COLUMN requested_by TYPE varchar(8)")
        let longer = JobScene.row("A", by: "user-9-of-long-name", config: #"{"batchId":"b2"}"#)
        #expect(
            await failure { try await scene.jobs.submit(longer) }?.postgresFailure?.sqlState == "22001")
        #expect(try await scene.jobs.stored("A").request.requestedBy == "user-9")
        try await scene.end()
    }

    @Test func `a user who owns nothing of the table can work, and is told what the owner can add`() async throws {
        let scene = try await PostgresScene(prepare: Self.oldest)
        let (schema, role) = (scene.tables.schema, "guest_\(scene.tables.schema)")
        let beside = try JobTables(schema: schema, requestTable: "own_job_request")
        try await scene.sql("CREATE ROLE \(role) LOGIN")
        try await scene.sql("GRANT USAGE, CREATE ON SCHEMA \(schema) TO \(role)")
        try await scene.sql("CREATE TABLE own_job_request (LIKE dev_job_request INCLUDING ALL)")
        try await scene.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON own_job_request TO \(role)")
        var options = scene.options
        options.keywords["user"] = role
        let report = try await JobMigration(options, tables: beside).run()
        #expect(report.made.isEmpty && report.refused.count == 3 && report.versions.now == 4)
        #expect(report.refused.allSatisfy { $0.sql.hasSuffix(";") && !$0.loss.isEmpty })
        let clock = scene.clock
        let store = try await PostgresJobStore.open(options, tables: beside, clock: .given { clock.now() })
        var work = store.work().makeAsyncIterator()
        _ = await work.next()
        _ = try await store.submit(Submission(request: JobScene.row("A")))
        // Without the trigger the store tells of its own submissions.
        _ = await work.next()
        #expect(try await store.lease(LeaseAsk(worker: "w"))?.request.requestID == "A")
        await store.close()
        // What the owner is given to run is right.
        for extra in report.refused {
            for statement in extra.sql.split(separator: ";\n") {
                try await scene.sql(String(statement).trimmingSuffix(";"))
            }
        }
        try await scene.sql("DROP OWNED BY \(role) CASCADE")
        try await scene.sql("DROP ROLE \(role)")
        try await scene.end()
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
