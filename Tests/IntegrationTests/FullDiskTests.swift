import Glibc
import ReportModel
import Testing

extension TheProgram {
    @Suite struct FullDisks {
        /// 512-byte blocks that a file may have: room for the stores' logs, not for the archive.
        private static let blocks = 1_000

        private func limited(_ scene: Scene, _ words: String...) async throws -> Outcome {
            let command = ["-c", "ulimit -f \(Self.blocks); exec \"$@\"", "sh", Programs.exhaust] + words
            return try await scene.start("sh", command + ["--data", scene.data]).outcome()
        }

        @Test func `a file that may not grow fails the request with the reason, and room mends it`() async throws {
            let scene = try await Scene.withSample(learners: 3_000, settings: ["EXHAUST_RETRY_ATTEMPTS": "1"])
            let id = try await scene.submit("response-exhaust")
            let worked = try await limited(scene, "work", "--once")
            #expect(worked.status == 0 && worked.errors.contains(#""code":"storageFailed""#), "\(worked.errors)")
            let failed = try await scene.status(id)
            #expect(failed["status"]?.text == "FAILED" && failed["errorCode"]?.text == "storageFailed")
            #expect(failed["canBeMendedBy"]?.text == "operator")
            #expect(failed["remedy"]?.text == "Raise the limit on file sizes (ulimit -f), or use another disk.")
            #expect(failed["error"]?.text?.hasSuffix("cannot be written: files may not grow so large here") == true)
            #expect(Folder.files(below: "\(scene.data)/files", hidden: true).isEmpty)
            #expect(try await scene.submit("response-exhaust") == id)
            try await scene.done("work", "--once")
            let plain = try await scene.csv("response-exhaust")
            #expect(try await scene.open(scene.file(of: await scene.status(id))).contains { $0.value == plain })
        }

        @Test func `a request that failed for want of room is tried again by itself`() async throws {
            let scene = try await Scene.withSample(
                learners: 3_000, settings: ["EXHAUST_RETRY_BASESECONDS": "2", "EXHAUST_WORK_POLLSECONDS": "0.2"])
            let id = try await scene.submit("response-exhaust")
            _ = try await limited(scene, "work", "--once")
            let failed = try await scene.status(id)
            #expect(failed["status"]?.text == "FAILED" && failed["willRetry"]?.bool == true)
            try await scene.running("work") { worker in
                let ended = try await worker.line { $0.contains("run-ended") }
                #expect(ended.contains(#""status":"SUCCESS""#))
            }
            #expect(try await scene.status(id)["attempts"]?.integer == 1)
        }

        @Test func `an import and plain CSV that find no room leave nothing behind`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let before = try Folder.read("\(scene.data)/learners.db")
            try await scene.done("sample", "--learners", "2000", "--out", scene.path("more"))
            let imported = try await limited(scene, "import", scene.path("more"))
            #expect(imported.status == 1 && imported.errors.contains("learners.db.importing: "), "\(imported.errors)")
            #expect(try Folder.read("\(scene.data)/learners.db") == before)
            #expect(Folder.names(in: scene.data, hidden: true) == ["learners.db", "learners.db.lock"])
            try await scene.done("import", scene.path("more"))
            let csv = try await limited(
                scene, "run", "response-exhaust", "--batch", Scene.batch, "--channel", Scene.organisation, "--csv",
                scene.path("r.csv"))
            #expect(
                csv.refuses(
                    1,
                    "\(scene.path("r.csv")): cannot write it: File too large. "
                        + "Check the folder's mode and the space on its disk."))
            #expect(!Folder.names(in: scene.folder.path, hidden: true).contains { $0.hasPrefix("r.csv") })
        }

        private static func canMount() async -> Bool {
            await Programs.answers("unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt")
        }

        @Test(.enabled("no file system can be mounted here") { await canMount() })
        func `a full disk fails request and import with the reason, and room mends both`() async throws {
            let scene = try Scene(settings: ["EXHAUST_RETRY_ATTEMPTS": "1"])
            try await scene.done("sample", "--learners", "1500", "--out", scene.path("sample"))
            // All of it in one shell, since the mount goes with its namespace.
            let script = try await scene.start(
                "unshare",
                ["-m", "sh", Programs.tool("full_disk.sh"), Programs.exhaust, scene.path("sample"), scene.path("disk")]
            ).outcome()
            #expect(script.status == 0, "\(script.errors)")
            let said = script.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            func line(_ name: String) throws -> String {
                try #require(said.first { $0.hasPrefix(name + ": ") }, "\(script.text)")
            }
            #expect(try line("import").contains("1 exhaust: "))
            #expect(
                try line("import").contains("the disk is full") || line("import").contains("No space left on device"))
            #expect(try line("learners") == "learners: unchanged")
            let failed = try JSONValue(parsing: String(line("failed").dropFirst("failed: ".count)))
            #expect(failed["status"]?.text == "FAILED" && failed["errorCode"]?.text == "storageFailed")
            #expect(failed["error"]?.text?.hasSuffix("cannot be written: the disk is full") == true)
            #expect(failed["remedy"]?.text == "Free space on that disk, or move the data folder to a larger one.")
            let mended = try JSONValue(parsing: String(line("mended").dropFirst("mended: ".count)))
            #expect(mended["status"]?.text == "SUCCESS" && mended["files"]?.elements?.count == 1)
        }
    }
}
