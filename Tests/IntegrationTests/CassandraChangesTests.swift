import CassandraLoading
import Glibc
import ReportModel
import ServiceTesting
import Testing

extension TheProgram {
    /// Deployments that are older than the tables of today, and tables that are migrated while the service runs.
    @Suite(.needsPython, .enabled(if: Deployment.service.isToBeTested, "\(Deployment.service.reason)"))
    struct CassandraChanges {
        /// Rewrites an import folder as an old deployment would have filled it: dates as texts, counts in `agg`,
        /// certificates in `certificates`, and nothing in the columns that came later (upstream.md 1.4 to 1.6).
        private static let makeOld = """
            import gzip, json, sys
            moved = {"start_date": "startdate", "end_date": "enddate", "enrolled_date": "enrolleddate",
                     "issued_certificates": "certificates"}
            later = {"created_date", "enrollment_enddate", "updated_date", "tandc", "cert_templates", "certstatus",
                     "datetime", "lastcontentaccesstime", "agg_last_updated", "agg_details"}
            for table in ["course_batch", "user_enrolments", "user_activity_agg"]:
                path = f"{sys.argv[1]}/{table}.jsonl.gz"
                with gzip.open(path, "rt") as file:
                    rows = [json.loads(line) for line in file]
                with gzip.open(path, "wt") as file:
                    for row in rows:
                        for new, old in moved.items():
                            if new in row:
                                row.setdefault(old, row.pop(new))
                                row.pop(new, None)
                        counts = row.pop("aggregates", None)
                        if counts is not None:
                            counts = json.loads(counts) if isinstance(counts, str) else counts
                            row["agg"] = {k: int(v) for k, v in counts.items() if k == "completedCount"}
                        file.write(json.dumps({k: v for k, v in row.items() if k not in later}) + "\\n")
            """

        @Test(arguments: ["ask", "scan"])
        func `a deployment without the columns that were added over the years is read by the older ones`(
            way: String
        ) async throws {
            var deployment = try Deployment(.user)
            deployment.form.isOld = true
            let embedded = try Scene()
            let sample = embedded.path("sample")
            try await embedded.done("sample", "--learners", "60", "--out", sample)
            Folder.remove("\(sample)/assessment_archive.jsonl.gz")
            let rewritten = try await Programs.run("python3", ["-c", Self.makeOld, sample])
            try #require(rewritten.status == 0, "\(rewritten.errors)")
            try await embedded.done("import", sample)
            try await deployment.fill(from: sample)
            let scene = try embedded.with(deployment.settings.merging(["EXHAUST_CASSANDRA_READING": way]) { $1 })
            for report in ["progress-exhaust", "response-exhaust", "userinfo-exhaust"] {
                let expected = try await embedded.csv(report, more: "--plain-personal-data")
                #expect(expected.count > 1_000)
                #expect(try await scene.csv(report, more: "--plain-personal-data").elementsEqual(expected), "\(report)")
            }
            let doctor = try await scene.exhaust("doctor")
            #expect(doctor.status == 0, "\(doctor.text)")
            try await deployment.end()
        }

        private static let settings = [
            "EXHAUST_CASSANDRA_READING": "ask", "EXHAUST_PARTS_INMEMORYLEARNERS": "0", "EXHAUST_RANGE_LEARNERS": "10",
            "EXHAUST_WORK_POLLSECONDS": "0.2", "EXHAUST_RETRY_BASESECONDS": "1",
        ]

        @Test
        func `tables that are migrated while a worker lives are read as they are by then, also in the middle of a run`()
            async throws
        {
            let deployment = try Deployment(.user)
            let embedded = try await Scene.withoutArchive(learners: 60)
            try await deployment.fill(from: embedded.path("sample"))
            let scene = try embedded.with(deployment.settings.merging(Self.settings) { $1 })
            let courses = deployment.form.courses
            try Folder.make("\(scene.data)/parts")
            let watch = try FolderWatch("\(scene.data)/parts")
            try await scene.running("work") { worker in
                let first = try await scene.submit("progress-exhaust", tag: "first")
                try await worker.line { $0.contains("run-ended") && $0.contains(first) && $0.contains("SUCCESS") }
                // Columns that are read where they are, and one that nobody knows.
                try await deployment.changing { loader in
                    try await loader.run("ALTER TABLE \(courses).user_enrolments DROP certificates")
                    try await loader.run("ALTER TABLE \(courses).user_enrolments ADD later text")
                }
                let parts = Kills.parts(watch.events()).count
                let second = try await scene.submit("progress-exhaust", tag: "second")
                try await watch.wait { Kills.parts($0).count >= parts + 2 }
                worker.send(SIGSTOP)
                try await deployment.changing { try await $0.run("ALTER TABLE \(courses).user_activity_agg DROP agg") }
                worker.send(SIGCONT)
                let failed = try await worker.line {
                    $0.contains("run-ended") && $0.contains(second) && $0.contains("FAILED")
                }
                #expect(failed.contains("the table was changed while it was read"), "\(failed)")
                try await worker.line { $0.contains("run-ended") && $0.contains(second) && $0.contains("SUCCESS") }
                let files = try await scene.open(try scene.file(of: try await scene.status(second)))
                // Parts that were made before keep what they read, so that only who is in the report is the same.
                let now = try await scene.csv("progress-exhaust")
                #expect(Records.count(now) > 50)
                #expect(files.values.contains { Secrecy.users($0) == Secrecy.users(now) })
            }
            try await deployment.end()
        }
    }
}
