import Glibc
import ReportModel
import Testing

extension TheProgram {
    @Suite struct Workers {
        /// The ids of requests by which an event of the log is about them, once for each line.
        private static func requests(of event: String, in logs: [String]) throws -> [String] {
            try logs.flatMap { $0.split(separator: "\n") }.filter { $0.contains("\"event\":\"\(event)\"") }.map {
                line in
                try JSONValue(parsing: String(line))["request"]?.text ?? ""
            }
        }

        @Test func `two workers share many requests, and each is done once`() async throws {
            let scene = try await Scene.withSample(learners: 400)
            var own: [String] = []
            for number in 0..<18 {
                own.append(
                    try await scene.submit(
                        number % 2 == 0 ? "progress-exhaust" : "response-exhaust", batch: "sample-batch-2",
                        tag: "own-\(number)", by: "admin-\(number)"))
            }
            // Equal but for the tag: one of them is run, the others take its files.
            var equal: [String] = []
            for number in 0..<6 {
                equal.append(try await scene.submit("assessment-score-report", tag: "equal-\(number)", by: "same"))
            }
            let all = Set(own + equal)
            #expect(all.count == 24)
            let logs = try await scene.running("work", "--workers", "2") { first in
                try await scene.running("work", "--workers", "2") { second in
                    // Its own request of each worker would not do: either may take any.
                    for id in own { try await untilEnded(id, first, second) }
                    try await scene.untilEnded(equal[5])
                    first.send(SIGTERM)
                    second.send(SIGTERM)
                    return [await first.outcome().errors, await second.outcome().errors]
                }
            }
            let began = try Self.requests(of: "run-began", in: logs)
            let ended = try Self.requests(of: "run-ended", in: logs)
            #expect(began.count == 19 && Set(began).count == 19, "\(began.count) runs")
            #expect(Set(began) == Set(ended) && Set(own).isSubset(of: began))
            var paths: Set<String> = []
            for id in all {
                let status = try await scene.status(id)
                #expect(status["status"]?.text == "SUCCESS" && status["attempts"]?.integer == 0)
                paths.insert(try scene.file(of: status))
            }
            #expect(paths.count == 19)
            #expect(Set(Folder.files(below: "\(scene.data)/files").map { "\(scene.data)/files/\($0)" }) == paths)
        }

        private func untilEnded(_ id: String, _ programs: RunningProgram...) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for program in programs {
                    group.addTask { try await program.line { $0.contains(id) && $0.contains("run-ended") } }
                }
                try await group.next()
                group.cancelAll()
                while await group.nextResult() != nil {}
            }
        }

        @Test func `a worker takes a request as soon as it is filed`() async throws {
            let scene = try await Scene.withSample(learners: 20, settings: ["EXHAUST_WORK_POLLSECONDS": "3600"])
            try await scene.running("work") { worker in
                try await worker.line { $0.contains("worker-started") }
                for number in 0..<3 {
                    let id = try await scene.submit("progress-exhaust", tag: "t\(number)", by: "admin-\(number)")
                    try await worker.line { $0.contains(id) && $0.contains("run-ended") }
                }
            }
        }

        @Test func `a request under way can be called off`() async throws {
            let scene = try await Scene.withSample(
                learners: 3_000,
                settings: Kills.smallSettings.merging(["EXHAUST_LEASE_HEARTBEATSECONDS": "0.1"]) { $1 })
            let id = try await scene.submit("progress-exhaust")
            let watch = try FolderWatch("\(scene.data)/parts")
            try await scene.running("work") { worker in
                try await watch.wait { Kills.parts($0).count >= 5 }
                // Held still until the wish is noted, so that the run cannot end before.
                try scene.hold(worker)
                let told = try await scene.done("cancel", id).text
                #expect(told == "\(id)  will be cancelled at its worker's next heartbeat\n")
                worker.send(SIGCONT)
                let ended = try await worker.line { $0.contains("run-ended") }
                #expect(ended.contains(#""status":"CANCELLED""#), "\(ended)")
            }
            #expect(try await scene.status(id)["status"]?.text == "CANCELLED")
            #expect(Folder.files(below: "\(scene.data)/files").isEmpty)
            #expect(Folder.files(below: "\(scene.data)/parts", hidden: true).isEmpty)
        }

        @Test func `an import while a worker runs costs no lease, and the run keeps the data that it began with`()
            async throws
        {
            let scene = try await Scene.withSample(
                learners: 1_500, settings: Kills.settings.merging(["EXHAUST_RANGE_LEARNERS": "25"]) { $1 })
            let before = try await scene.csv("progress-exhaust")
            try await scene.done("sample", "--learners", "1500", "--seed", "9", "--out", scene.path("other"))
            let id = try await scene.submit("progress-exhaust")
            let watch = try FolderWatch("\(scene.data)/parts", scene.data)
            let log = try await scene.running("work") { worker in
                try await watch.wait { Kills.parts($0).count >= 5 }
                try await scene.running("import", scene.path("other")) { importing in
                    // Both at once until the store is about to change; then the run waits, so that it has to go on after.
                    try await watch.wait { $0.contains { $0.name == "learners.db.importing" } }
                    try scene.hold(worker)
                    #expect(await importing.outcome().status == 0)
                }
                worker.send(SIGCONT)
                let ended = try await worker.line { $0.contains(id) && $0.contains("run-ended") }
                #expect(ended.contains(#""status":"SUCCESS""#) && ended.contains(#""fencing":1"#), "\(ended)")
                // The next import runs beside runs that nobody holds.
                let next = try await scene.submit("response-exhaust")
                try await scene.done("import", scene.path("sample"))
                try await worker.line { $0.contains(next) && $0.contains("run-ended") }
                worker.send(SIGTERM)
                return await worker.outcome().errors
            }
            #expect(!log.contains("run-lost") && !log.contains(#""fencing":2"#))
            let after = try await scene.csv("progress-exhaust")
            #expect(after != before)
            let file = try scene.file(of: await scene.status(id))
            #expect(try await scene.open(file).contains { $0.value == before })
            // Asked for anew, it has the new data.
            _ = try await scene.submit("progress-exhaust", more: ["--fresh"])
            try await scene.done("work", "--once")
            #expect(try await scene.open(scene.file(of: await scene.status(id))).contains { $0.value == after })
        }

        @Test func `a worker can be kept to some reports`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let progress = try await scene.submit("progress-exhaust")
            let response = try await scene.submit("response-exhaust")
            try await scene.done("work", "--once", "--report", "response-exhaust")
            #expect(try await scene.status(progress)["status"]?.text == "SUBMITTED")
            #expect(try await scene.status(response)["status"]?.text == "SUCCESS")
        }
    }
}
