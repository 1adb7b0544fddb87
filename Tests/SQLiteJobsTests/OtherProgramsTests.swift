import JobLifecycle
import ReportModel
import ReportPorts
import ReportTesting
import SQLiteAccess
import SQLiteJobs
import Testing

/// The table as other programs read and write it.
@Suite struct OtherProgramsTests {
    @Test func `job_request has upstream's seventeen columns and nothing else`() async throws {
        let scene = try await SQLiteScene()
        let names = try scene.text("SELECT group_concat(name, ' ') FROM pragma_table_info('job_request')")
        #expect(
            names
                == """
                tag request_id job_id status request_data requested_by requested_channel dt_job_submitted \
                download_urls dt_file_created dt_job_completed execution_time err_message iteration encryption_key \
                batch_number processed_batches
                """)
        #expect(try scene.text("PRAGMA journal_mode") == "wal")
        await scene.store.close()
    }

    @Test func `another program reads a finished request in the forms of upstream`() async throws {
        let scene = try await SQLiteScene()
        try await scene.jobs.submit(JobScene.row("A"), password: "secret")
        let lease = try await scene.jobs.leaseNext()
        try await scene.jobs.finishBatch(lease, "b1", bytes: 20_480)
        scene.clock.advance(seconds: 1.5)
        try await scene.jobs.succeed(lease)
        func column(_ name: String) throws -> String? { try scene.text("SELECT \(name) FROM job_request") }
        #expect(try column("status") == "SUCCESS" && column("tag") == "tag:org-7")
        #expect(try column("dt_job_submitted") == "2024-01-31 09:00:00.000")
        #expect(try column("dt_job_completed") == "2024-01-31 09:00:01.500")
        #expect(try column("download_urls") == #"["progress-exhaust/A/b1_progress_20240131.zip"]"#)
        #expect(try column("json_extract(download_urls, '$[0]')") == "progress-exhaust/A/b1_progress_20240131.zip")
        #expect(
            try column("processed_batches")
                == #"[{"channel":"org-7","batchId":"b1","filePath":"progress-exhaust/A/b1_progress_20240131.csv","#
                + #""fileSize":20480}]"#)
        #expect(try column("execution_time") == "42" && column("iteration") == "0")
        for name in ["dt_file_created", "err_message", "encryption_key", "batch_number"] {
            #expect(try column(name) == nil, "\(name)")
        }
        await scene.store.close()
    }

    @Test func `a row of nothing but its key is shown, harms nobody, and is mended by a submission`() async throws {
        let scene = try await SQLiteScene()
        try scene.sql("INSERT INTO job_request (tag, request_id) VALUES ('tag:org-7', 'X')")
        let shown = try await scene.jobs.stored("X")
        #expect(shown.request.status == .failed && shown.request.errorMessage == "the row has no status")
        #expect(shown.request.reportID == "" && shown.request.submittedAt == Timestamp(milliseconds: 0))
        try await scene.jobs.submit("A")
        #expect(try await scene.store.requests(RequestQuery()).count == 2)
        #expect(try await scene.jobs.leaseNext().request.requestID == "A")
        #expect(try await scene.jobs.lease() == nil)
        #expect(try await scene.jobs.submit("X").effect == .restarted)
        #expect(try await scene.jobs.leaseNext().request.requestID == "X")
        await scene.store.close()
    }

    @Test func `a list goes on behind rows without a time, and behind one moment that was written in several ways`()
        async throws
    {
        let scene = try await SQLiteScene()
        let rows = [
            ("A", "'2024-01-31 09:00:00.100'"), ("B", "'2024-01-31 09:00:00.1'"), ("C", "'2024-01-31 09:00:00.1009'"),
            ("D", "'2024-01-31 09:00:00'"), ("F", "NULL"), ("E", "NULL"),
        ]
        for (id, time) in rows {
            try scene.sql(
                "INSERT INTO job_request (tag, request_id, dt_job_submitted) VALUES ('tag:org-7', '\(id)', \(time))")
        }
        let whole = try await scene.store.requests(RequestQuery()).map(\.request.requestID)
        #expect(whole == ["C", "A", "B", "D", "E", "F"])
        for limit in 1...3 {
            var listed: [String] = []
            var query = RequestQuery(limit: limit)
            while listed.count < 9, let last = try await scene.store.requests(query).last?.request {
                listed += try await scene.store.requests(query).map(\.request.requestID)
                query.after = RequestPlace(of: last)
            }
            #expect(listed == whole, "\(limit)")
        }
        await scene.store.close()
    }

    @Test(
        arguments: [
            ("success", RequestStatus.success, nil), ("COMPLETED", .success, nil), ("Failed", .failed, nil),
            ("processing", .processing, nil), ("submitted", .submitted, nil),
            ("DONE?", .failed, "the row has a status that is not known: DONE?"),
        ] as [(String, RequestStatus, String?)])
    func `a status is read in any case, and an unknown one says so`(
        text: String, status: RequestStatus, message: String?
    ) async throws {
        let scene = try await SQLiteScene()
        try await scene.jobs.submit("A")
        try scene.sql("UPDATE job_request SET status = '\(text)'")
        let request = try await scene.jobs.stored("A").request
        #expect(request.status == status && request.errorMessage == message)
        let lease = try await scene.jobs.lease()
        #expect((lease != nil) == (status == .submitted))
        await scene.store.close()
    }

    @Test func `cells that are no JSON, no times and no numbers are passed over`() async throws {
        let scene = try await SQLiteScene()
        try await scene.jobs.submit("A")
        try scene.sql(
            """
            UPDATE job_request SET download_urls = '{a.zip}', dt_job_completed = 'yesterday', execution_time = 'long',
                processed_batches = '[{"batchId":"b1"', iteration = NULL, batch_number = '', request_data = 'x'
            """)
        let lease = try await scene.jobs.leaseNext()
        #expect(lease.request.downloadPaths.isEmpty && lease.request.processedBatches.isEmpty)
        #expect(lease.request.completedAt == nil && lease.request.iteration == 0)
        try await scene.jobs.finishBatch(lease, "b1")
        try await scene.jobs.succeed(lease)
        await scene.store.close()
    }

    @Test func `a run of ours that somebody damaged is told by name`() async throws {
        let scene = try await SQLiteScene()
        try await scene.jobs.submit("A")
        try scene.sql("UPDATE job_run SET files = '{'")
        let error = await failure { _ = try await scene.jobs.stored("A") }
        #expect(error?.code == .dataDamaged && error?.message.contains("request A") == true)
        await scene.store.close()
    }

    @Test func `a file of a newer version, of another kind, and one that is none are refused`() async throws {
        let scene = try await SQLiteScene()
        await scene.store.close()
        try scene.sql("PRAGMA user_version = 99")
        #expect(await failure { _ = try await scene.openAgain() }?.code == .newerVersion)
        let folder = try TemporaryFolder()
        try Database(path: folder.file("jobs.db")).execute("CREATE TABLE t (x)")
        let path = folder.file("jobs.db")
        #expect(await failure { _ = try await SQLiteJobStore.open(path: path) }?.code == .dataDamaged)
        try folder.write(Array("this is no database, but long enough to be looked at as one".utf8), to: "b.db")
        let text = folder.file("b.db")
        #expect(await failure { _ = try await SQLiteJobStore.open(path: text) }?.code == .dataDamaged)
    }

    @Test func `the schema goes back to nothing and forward again`() async throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("jobs.db"))
        try JobSchema.schema.migrate(database)
        try JobSchema.schema.migrate(database, to: 0)
        #expect(try database.integer("SELECT count(*) FROM sqlite_schema") == 0)
        try JobSchema.schema.migrate(database)
        #expect(try JobSchema.schema.version(of: database) == JobSchema.schema.latestVersion)
    }

    @Test func `share keys of before are made short, so that who waited for a run goes on waiting for it`() async throws
    {
        let scene = try await SQLiteScene()
        let config = #"{"batchId":"b1"}"#
        for id in ["A", "B"] { try await scene.jobs.submit(JobScene.row(id, config: config)) }
        let short = try scene.text("SELECT DISTINCT share_key FROM job_run")
        await scene.store.close()
        let database = try Database(path: scene.path)
        try JobSchema.schema.migrate(database, to: 2)
        #expect(try database.integer("SELECT count(share_key) FROM job_run") == 0)
        try database.execute(
            "UPDATE job_run SET share_key = '16:progress-exhaust16:{\"batchId\":\"b1\"}0:5:org-76:user-90:'")
        let store = try await scene.openAgain()
        #expect(try scene.text("SELECT DISTINCT share_key FROM job_run") == short)
        try await scene.jobs(store).succeed(try await scene.jobs(store).leaseNext())
        #expect(try await scene.jobs(store).status("B") == .success)
        await store.close()
    }

    @Test func `a lock that another process keeps is waited for as long as the limit says, and then told`() async throws
    {
        let folder = try TemporaryFolder()
        let path = folder.file("jobs.db")
        let store = try await SQLiteJobStore.open(path: path, limits: .init(busyMilliseconds: 20))
        let other = try Database(path: path)
        try other.execute("BEGIN IMMEDIATE")
        let error = await failure { _ = try await store.submit(Submission(request: JobScene.row("A"))) }
        #expect(error?.code == .unavailable && error?.remedy.isEmpty == false)
        // Readers do not wait for writers.
        #expect(try await store.requests(RequestQuery()).isEmpty)
        try other.execute("COMMIT")
        #expect(try await store.submit(Submission(request: JobScene.row("A"))).effect == .created)
        await store.close()
        #expect(await failure { _ = try await store.requests(RequestQuery()) }?.code == .unavailable)
        #expect(await failure { _ = try await store.lease(LeaseAsk(worker: "w")) }?.code == .unavailable)
    }
}
