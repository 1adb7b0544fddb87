import Glibc
import ReportModel
import Testing

extension TheProgram {
    @Suite struct Folders {
        @Test func `a backup made while a worker runs is restored elsewhere, goes on and opens`() async throws {
            let scene = try await Scene.withSample(
                learners: 3_000,
                settings: [
                    "EXHAUST_PARTS_INMEMORYLEARNERS": "0", "EXHAUST_RANGE_LEARNERS": "50", "EXHAUST_LEASE_SECONDS": "2",
                    "EXHAUST_LEASE_HEARTBEATSECONDS": "0.5",
                ])
            let done = try await scene.submit("response-exhaust", batch: "sample-batch-2")
            try await scene.done("work", "--once")
            let underWay = try await scene.submit("progress-exhaust")
            try await scene.running("work") { worker in
                try await worker.line { $0.contains(#""event":"run-began""#) }
                // Held still, so that the backup is certain to see a run that is under way.
                try scene.hold(worker)
                try await scene.done("backup", scene.path("backup"))
                worker.send(SIGCONT)
                try await worker.line { $0.contains(#""event":"run-ended""#) && $0.contains("SUCCESS") }
            }
            #expect(Folder.names(in: scene.path("backup"), hidden: true).contains("backup.json"))
            #expect(!Folder.files(below: scene.path("backup")).contains { $0.hasPrefix("parts/") })

            let other = try Scene(settings: scene.settings, in: scene.folder, data: scene.path("elsewhere"))
            try await other.done("restore", scene.path("backup"))
            #expect(try await other.status(underWay)["status"]?.text == "PROCESSING")
            let old = try await other.open(try other.file(of: try await other.status(done)))
            #expect(old.count == 3)
            // The lease of the worker that was copied ends by itself.
            try await other.running("work") { worker in
                try await worker.line { $0.contains(#""event":"run-ended""#) && $0.contains("SUCCESS") }
            }
            let entries = try await other.open(try other.file(of: try await other.status(underWay)))
            let plain = try await scene.csv("progress-exhaust")
            #expect(entries.contains { $0.value == plain })
            #expect(try await other.done("doctor").status == 0)
        }

        @Test func `a backup that was altered is refused, and nothing is overwritten`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            try await scene.done("backup", scene.path("backup"))
            let again = try await scene.exhaust("backup", scene.path("backup"))
            #expect(
                again.refuses(1, "folder \(scene.path("backup")): it is not empty. Name a new or empty folder."))
            let over = try await scene.exhaust("restore", scene.path("backup"))
            #expect(over.refuses(1, "folder \(scene.data): it is not empty. Name a new or empty folder."))
            let file = scene.path("backup/learners.db")
            var bytes = try Folder.read(file)
            bytes[bytes.count / 2] ^= 1
            try Folder.write(bytes, to: file)
            let other = try Scene(in: scene.folder, data: scene.path("elsewhere"))
            let refused = try await other.exhaust("restore", scene.path("backup"))
            #expect(
                refused.refuses(
                    1,
                    "backup \(scene.path("backup")): learners.db is not what was backed up. Use another backup; "
                        + "nothing was restored."))
            #expect(access(other.data, F_OK) != 0)
            bytes[bytes.count / 2] ^= 1
            try Folder.write(bytes, to: file)
            // What a restore that was killed left behind is no obstacle.
            mkdir(other.data + ".restoring", 0o700)
            try await other.done("restore", scene.path("backup"))
            #expect(Folder.names(in: other.data) == ["learners.db"])
            #expect(access(other.data + ".restoring", F_OK) != 0)
        }

        @Test func `the doctor finds nothing in a folder that is well`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let fresh = try await scene.done("doctor").text
            #expect(fresh.contains("good  job store: none yet, the first request makes it\n"))
            #expect(Folder.names(in: scene.data).filter { $0.hasSuffix(".key") || $0 == "jobs.db" }.isEmpty)
            _ = try await scene.submit("progress-exhaust")
            try await scene.done("work", "--once")
            let diagnoses = try await scene.json("doctor")["diagnoses"]?.elements ?? []
            #expect(diagnoses.count == 8)
            // The disk of the tests may be short; that is not the folder's fault.
            #expect(diagnoses.allSatisfy { $0["state"]?.text == "good" || $0["subject"]?.text == "disk" })
        }

        @Test(.needsPython) func `the doctor names what is broken and what mends it, and ends with 1`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let id = try await scene.submit("progress-exhaust")
            try await scene.done("work", "--once")
            func broken(_ lines: String...) async throws {
                let found = try await scene.exhaust("doctor")
                #expect(found.status == 1)
                for line in lines { #expect(found.text.contains("broken  " + line), "\(found.text)") }
                let count = found.text.split(separator: "\n").filter { $0.hasPrefix("broken") }.count
                #expect(count == lines.count, "\(found.text)")
            }
            let key = "\(scene.data)/master.key"
            chmod(key, 0o644)
            try await broken(
                "key: key \(key): others can read it\n      Run: chmod 600 \(key)\n",
                "job store: key \(key): others can read it\n")
            chmod(key, 0o600)
            rename(key, key + ".kept")
            try await broken(
                "key: key \(key): it is missing, and passwords of requests are sealed with it\n"
                    + "      Put the folder's own key back from a backup.\n",
                "job store: key \(key): it is missing")
            rename(key + ".kept", key)

            let jobs = "\(scene.data)/jobs.db"
            #expect(try await Programs.python("jobs.py", "version", jobs, "99").status == 0)
            try await broken(
                "job store: job store \(jobs): it was written by a newer version (schema 99, known 5)\n"
                    + "      Use that version of exhaust, or restore a backup made before the upgrade.\n")
            #expect(try await Programs.python("jobs.py", "version", jobs, "5").status == 0)

            let learners = "\(scene.data)/learners.db"
            let whole = try Folder.read(learners)
            try Folder.write([UInt8](repeating: 7, count: 4096) + whole.dropFirst(4096), to: learners)
            try await broken("learner data: database \(learners): it is no database\n")
            // Requests can be looked after all the same.
            #expect(try await scene.status(id)["status"]?.text == "SUCCESS")
            unlink(learners)
            try await broken(
                "learner data: learner store \(learners): there is none\n      Import learner data: exhaust import DIR.\n"
            )
            try Folder.write(whole, to: learners)

            unlink(try scene.file(of: await scene.status(id)))
            try await broken(
                "files: 1 files that requests name are not there\n"
                    + "      Put them back from a backup, or submit those requests with --fresh.\n")
            Folder.remove(scene.data)
            try await broken("data folder: data folder \(scene.data): it does not exist\n")
            #expect(access(scene.data, F_OK) != 0)
        }
    }
}
