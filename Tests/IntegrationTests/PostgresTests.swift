import Glibc
import ReportModel
import ServiceTesting
import Testing

extension TheProgram {
    /// The real binary with its requests in the job table of a deployment.
    @Suite(.enabled(if: TestService.postgres.isToBeTested, "\(TestService.postgres.reason)")) struct Postgres {
        /// A scene with the sample course and a job table in a schema of its own, as upstream's installer makes it.
        private static func scene(learners: Int = 20, migrates: Bool = true) async throws -> (Scene, schema: String) {
            let address = try TestService.postgres.address()
            let schema = try await TestDatabase.makeSchema()
            let scene = try await Scene.withSample(
                learners: learners,
                settings: [
                    "EXHAUST_JOBS_STORE": "postgres", "EXHAUST_POSTGRES_CONNECTION": address,
                    "EXHAUST_POSTGRES_SCHEMA": schema, "EXHAUST_POSTGRES_TABLE_JOB_REQUEST": "dev_job_request",
                ])
            if migrates { try await scene.done("migrate") }
            return (scene, schema)
        }

        @discardableResult
        private static func sql(_ statement: String) async throws -> String { try await TestDatabase.sql(statement) }

        @Test func `rows that a deployment files are worked on beside our own, and their passwords leave the table`()
            async throws
        {
            let (scene, schema) = try await Self.scene()
            let ours = try await scene.submit("progress-exhaust")
            try await Self.sql(
                """
                INSERT INTO \(schema).dev_job_request (tag, request_id, job_id, status, request_data, requested_by,
                    requested_channel, dt_job_submitted, iteration, encryption_key)
                VALUES ('x:\(Scene.organisation)', 'THEIRS', 'response-exhaust', 'SUBMITTED',
                    '{"batchId":"\(Scene.batch)"}', 'someone', '\(Scene.organisation)', now(), 0, '\(Scene.password)')
                """)
            try await scene.done("work", "--once")
            for id in [ours, "THEIRS"] {
                let status = try await scene.status(id)
                #expect(status["status"]?.text == "SUCCESS")
                #expect(try await !scene.open(try scene.file(of: status)).isEmpty)
            }
            let kept = try await Self.sql("SELECT count(encryption_key) FROM \(schema).dev_job_request")
            let urls = try await Self.sql(
                "SELECT download_urls[1] LIKE 'response-exhaust/THEIRS/%.zip' FROM \(schema).dev_job_request "
                    + "WHERE request_id = 'THEIRS'")
            #expect(kept == "0" && urls == "t")
            try await Self.sql("DROP SCHEMA \(schema) CASCADE")
        }

        @Test func `three workers share one table, one is killed, and every request is done once`() async throws {
            let (scene, schema) = try await Self.scene()
            var ids: [String] = []
            for user in 0..<24 { ids.append(try await scene.submit("progress-exhaust", by: "admin-\(user)")) }
            let quick = try scene.with(["EXHAUST_LEASE_SECONDS": "2", "EXHAUST_LEASE_HEARTBEATSECONDS": "0.5"])
            let workers = try (0..<3).map { _ in try quick.start(["work"]) }
            // Killed in the middle: something is done, and something is not.
            while try await Self.sql(
                "SELECT count(*) FILTER (WHERE status = 'SUCCESS') BETWEEN 1 AND 23 FROM \(schema).dev_job_request")
                != "t"
            {}
            workers[0].send(SIGKILL)
            while try await Self.sql(
                "SELECT count(*) FROM \(schema).dev_job_request WHERE status <> 'SUCCESS'") != "0"
            {}
            for worker in workers.dropFirst() { worker.send(SIGTERM) }
            for worker in workers.dropFirst() { #expect(await worker.outcome().status == 0) }
            _ = await workers[0].outcome()
            let files = try await Self.sql(
                "SELECT count(*) || ' ' || count(DISTINCT download_urls[1]) || ' ' || sum(iteration) "
                    + "FROM \(schema).dev_job_request WHERE cardinality(download_urls) = 1")
            #expect(files == "24 24 0")
            try await Self.sql("DROP SCHEMA \(schema) CASCADE")
        }

        @Test func `what is wrong with the database is told with the remedy, by doctor and by every command`()
            async throws
        {
            let (scene, schema) = try await Self.scene(migrates: false)
            func broken(_ settings: [String: String], _ message: String, _ remedy: String) async throws {
                let other = try scene.with(settings.merging(["EXHAUST_POSTGRES_RETRYSECONDS": "0"]) { $1 })
                let doctor = try await other.exhaust("doctor")
                #expect(doctor.status == 1 && doctor.text.contains("broken  job tables: "), "\(doctor.text)")
                #expect(doctor.text.contains(message) && doctor.text.contains(remedy), "\(doctor.text)")
                let list = try await other.exhaust("list")
                #expect(list.status == 1 && list.errors.contains(message) && list.errors.contains(remedy))
            }
            try await broken([:], "job tables: they are not there", "Run `exhaust migrate`.")
            try await scene.done("migrate")
            let wise = try await scene.exhaust("doctor")
            #expect(wise.text.contains("unwise  key: ") && !wise.text.contains("broken"), "\(wise.text)")
            try await broken(
                ["EXHAUST_POSTGRES_HOST": "127.0.0.1", "EXHAUST_POSTGRES_PORT": "1"],
                "at 127.0.0.1:1: it does not answer",
                "Check that PostgreSQL runs")
            try await broken(["EXHAUST_POSTGRES_DB": "nowhere"], "\"nowhere\" does not exist", "settings postgres.*")
            try await broken(["EXHAUST_POSTGRES_TABLE_JOB_REQUEST": "other"], "they are not there", "exhaust migrate")
            try await Self.sql("ALTER TABLE \(schema).dev_job_request DROP COLUMN processed_batches")
            try await broken([:], "no column processed_batches", "ADD COLUMN processed_batches text")
            try await Self.sql("DROP SCHEMA \(schema) CASCADE")
        }

        @Test func `a second machine needs the key of the first`() async throws {
            let (scene, schema) = try await Self.scene()
            _ = try await scene.submit("progress-exhaust")
            let second = try Scene(settings: scene.settings)
            try await second.done("import", scene.path("sample"))
            let keyless = try await second.exhaust("work", "--once")
            #expect(keyless.status == 1 && keyless.errors.contains("master.key: it is missing"), "\(keyless.errors)")
            try Folder.write(String(repeating: "0", count: 64) + "\n", to: second.data + "/master.key")
            chmod(second.data + "/master.key", 0o600)
            let other = try await second.exhaust("work", "--once")
            #expect(other.status == 1 && other.errors.contains("Copy master.key from the machine"), "\(other.errors)")
            let key = try Folder.read(scene.data + "/master.key")
            try Folder.write(String(decoding: key, as: UTF8.self), to: second.data + "/master.key")
            try await second.done("work", "--once")
            #expect(try await second.json("list")["jobs"]?.elements?.first?["status"]?.text == "SUCCESS")
            try await Self.sql("DROP SCHEMA \(schema) CASCADE")
        }
    }
}
