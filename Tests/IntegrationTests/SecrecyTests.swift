import Glibc
import ReportModel
import Testing

extension TheProgram {
    /// What must never be on a disk or in a log.
    @Suite struct Secrecy {
        /// Parts of names and contact details that the sample has; the first that it always has.
        static let people = [
            "@example.org", "Müller-Lüdenscheidt", "García Márquez", "Παπαδοπούλου", "சுப்பிரமணியம்", "Þórsdóttir",
        ]

        /// User ids of the CSV of a progress report.
        static func users(_ csv: [UInt8]) -> [String] {
            String(decoding: csv, as: UTF8.self).split(separator: "\n").compactMap { line in
                line.split(separator: ",").first { $0.utf8.count == 36 && $0.split(separator: "-").count == 5 }
            }.map(String.init)
        }

        @Test(.needsPython) func `no file holds learners, passwords or the key, while a report is made and afterwards`()
            async throws
        {
            let scene = try await Scene.withSample(
                learners: 600,
                settings: [
                    "EXHAUST_PARTS_INMEMORYLEARNERS": "0", "EXHAUST_RANGE_LEARNERS": "50", "EXHAUST_LOG_LEVEL": "debug",
                ])
            let users = Self.users(try await scene.csv("progress-exhaust"))
            #expect(users.count > 400)
            // The sample itself is the source of all; it is no concern of the program.
            Folder.remove(scene.path("sample"))
            let reports = ["progress-exhaust", "response-exhaust", "userinfo-exhaust"]
            let parts = "\(scene.data)/parts"
            _ = try await scene.submit("assessment-score-report")
            let key = String(decoding: try Folder.read("\(scene.data)/master.key"), as: UTF8.self)
            let some = stride(from: 0, to: users.count, by: 20).map { users[$0] }
            let markers = Self.people + some + [Scene.password, String(key.prefix(64))]
            let search = try Search(scene, markers)
            try await search.expectNothing("a request that waits")

            let log = try await scene.running("work") { worker in
                try await worker.line { $0.contains("run-ended") }
                for report in reports {
                    let watch = try FolderWatch(parts, "\(scene.data)/files/.staging")
                    _ = try await scene.submit(report)
                    // With some parts, with nearly all, and when the file is written and perhaps not yet published.
                    for moment in [Kills.Moment.part(3), .part(9), .staged] {
                        try await watch.wait { moment.hasCome($0) }
                        worker.send(SIGSTOP)
                        if moment != .staged { #expect(!Folder.files(below: parts).isEmpty, "\(report) was too fast") }
                        try await search.expectNothing("\(report): \(moment)", worker)
                        worker.send(SIGCONT)
                    }
                    try await worker.line { $0.contains("run-ended") && $0.contains(report) }
                }
                worker.send(SIGTERM)
                return await worker.outcome().errors
            }
            try await search.expectNothing("all done")
            for marker in markers + users + ["admin-1"] { #expect(!log.contains(marker), "the log holds \(marker)") }
        }

        @Test(.needsPython) func `the search that finds nothing finds what is there`() async throws {
            let scene = try await Scene.withSample(learners: 200)
            let search = try Search(scene, ["García Márquez"])
            // Without a password the file is open, and its deflated rows are found.
            try await scene.done(
                "run", "progress-exhaust", "--batch", Scene.batch, "--channel", Scene.organisation, "--out",
                "\(scene.data)/files")
            let file = try #require(Folder.names(in: "\(scene.data)/files").first)
            #expect(try await search.found().contains("\(file): deflated: García Márquez"))
        }

        @Test func `errors and logs tell of bad input without a word of what is in it`() async throws {
            let scene = try await Scene.withSample(learners: 50, settings: ["EXHAUST_LOG_LEVEL": "debug"])
            let bad = scene.path("bad")
            try Folder.make(bad)
            let lines = [
                #"{"userid":"secret-user","firstname":"Secretia","email":"secretia@example.org""#,
                #"{"userid":"secret-user","firstname":["Secretia"],"email":{"a":"secretia@example.org"}}"#,
                #"{"userid":null,"firstname":"Secretia"}"#,
            ]
            for line in lines {
                try Folder.write(line + "\n", to: "\(bad)/user.jsonl")
                let refused = try await scene.exhaust("import", bad)
                #expect(!refused.errors.lowercased().contains("secret"), "\(refused.errors)")
            }
            let id = try await scene.submit("userinfo-exhaust")
            let worked = try await scene.done("work", "--once")
            let file = try scene.file(of: await scene.status(id))
            try Folder.write("another secret\n", to: scene.path("wrong"))
            let opened = try await scene.exhaust(
                "open", file, "--password-file", scene.path("wrong"), "--out", scene.path("x"))
            var texts = [worked.errors, opened.errors, try await scene.done("doctor").text]
            texts.append(try await scene.done("status", id, "--json").text)
            for text in texts {
                for secret in Self.people + [Scene.password, "another secret"] { #expect(!text.contains(secret)) }
            }
        }

        @Test func `a password is taken from a file only, and erased when it is no longer needed`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let refused = try await scene.exhaust(
                "submit", "progress-exhaust", "--batch", Scene.batch, "--channel", Scene.organisation, "--by", "me",
                "--tag",
                "t", "--password", "plain")
            #expect(refused.status == 2 && refused.errors.contains("--password: there is no such option of"))
            let id = try await scene.submit("progress-exhaust")
            let jobs = "\(scene.data)/jobs.db"
            func sealed() async throws -> String { try await Programs.python("jobs.py", "sealed", jobs, id).text }
            #expect(try await sealed() == "sealed\n")
            try await scene.done("work", "--once")
            #expect(try await sealed() == "none\n")
        }

        @Test func `a master key of the settings takes the place of the key file`() async throws {
            let digits = String(repeating: "0123456789abcdef", count: 4)
            let scene = try await Scene.withSample(learners: 20, settings: ["EXHAUST_MASTERKEY": digits])
            let id = try await scene.submit("userinfo-exhaust")
            // Another machine with another key cannot read the password, and makes no file without it.
            let other = try scene.with(["EXHAUST_MASTERKEY": String(digits.reversed())])
            try await other.done("work", "--once")
            #expect(try await scene.status(id)["status"]?.text == "FAILED")
            #expect(Folder.files(below: "\(scene.data)/files").isEmpty)
            let second = try await scene.submit("userinfo-exhaust", tag: "second")
            try await scene.done("work", "--once")
            #expect(try await scene.status(second)["status"]?.text == "SUCCESS")
            #expect(access("\(scene.data)/master.key", F_OK) != 0)
            #expect(try await scene.done("doctor").text.contains("good  key: the setting masterKey\n"))
        }
    }

    /// Looks for texts in every file of a scene, as they are and deflated.
    struct Search {
        private let scene: Scene
        private let markers: String

        init(_ scene: Scene, _ markers: [String]) throws {
            self.scene = scene
            // Outside of the folder that is searched.
            self.markers = scene.path("markers")
            try Folder.write(markers.joined(separator: "\n") + "\n", to: self.markers)
        }

        /// A line for each find: `file: how: text`.
        func found() async throws -> String {
            let outcome = try await Programs.python("find_plain.py", markers, scene.data, scene.path("tmp"))
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.text
        }

        func expectNothing(
            _ moment: String, _ worker: RunningProgram? = nil, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            #expect(try await found() == "", "\(moment)", sourceLocation: sourceLocation)
            #expect(Folder.files(below: scene.path("tmp"), hidden: true).isEmpty, sourceLocation: sourceLocation)
            guard let worker else { return }
            // A file without a name would be on the disk all the same.
            for number in Folder.names(in: "/proc/\(worker.process)/fd") {
                var target = [CChar](repeating: 0, count: Int(PATH_MAX))
                readlink("/proc/\(worker.process)/fd/\(number)", &target, target.count - 1)
                let name = String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                let isHidden = name.hasSuffix("(deleted)") && !name.hasPrefix("/dev/")
                #expect(!isHidden, "\(moment): \(name)", sourceLocation: sourceLocation)
            }
        }
    }
}
