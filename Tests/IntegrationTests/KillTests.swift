import Glibc
import ReportModel
import ServiceTesting
import Testing

extension TheProgram {
    /// A worker that dies, stalls or is told to stop in the middle of a report of 60 parts.
    @Suite struct Kills {
        static let learners = 15_000
        static let settings = [
            "EXHAUST_PARTS_INMEMORYLEARNERS": "0", "EXHAUST_RANGE_LEARNERS": "250", "EXHAUST_LEASE_SECONDS": "2",
            "EXHAUST_LEASE_HEARTBEATSECONDS": "0.5", "EXHAUST_WORK_POLLSECONDS": "0.2",
        ]

        /// The same for 3,000 learners.
        static let smallSettings = settings.merging(["EXHAUST_RANGE_LEARNERS": "50"]) { $1 }

        /// When the worker is killed.
        enum Moment: Sendable, Hashable {
            /// As soon as so many parts are on the disk.
            case part(Int)
            /// When the file begins to be written.
            case assembly
            /// When the file is whole and not yet published.
            case staged
            /// When the file has its name and the request does not know yet.
            case published

            /// Whether it has come, by what happened in the part store and the staging folder.
            func hasCome(_ events: [FolderWatch.Event]) -> Bool {
                let staging = events.filter { $0.folder.hasSuffix("/.staging") }
                return switch self {
                case .part(let count): parts(events).count >= count
                // The staged file is made at the start; it is whole when it gets its name without `.partial`.
                case .assembly: parts(events).count >= 60
                case .staged: staging.contains { $0.change == .movedIn }
                case .published: staging.contains { $0.change == .movedOut && !$0.name.hasSuffix(".partial") }
                }
            }
        }

        /// Names of finished parts, in the order in which they came.
        static func parts(_ events: [FolderWatch.Event]) -> [String] {
            events.filter { $0.change == .movedIn && $0.folder.contains("/parts/") && !$0.name.hasPrefix(".") }.map(
                \.name)
        }

        @Test func `a killed worker is replaced, the parts are used again, and one file with the same CSV comes out`()
            async throws
        {
            let scene = try await Scene.withSample(learners: Self.learners, settings: Self.settings)
            let plain = try await scene.csv("progress-exhaust")
            #expect(Records.count(plain) > 14_000)
            let moments: [Moment] = [
                .part(1), .part(7), .part(31), .part(59), .assembly, .staged, .published,
            ]
            for (number, moment) in moments.enumerated() {
                try await kill(at: moment, scene, plain, tag: "kill-\(number)")
            }
            // What killed workers left in the staging folder is swept once it is old, and was never served.
            let leftovers = Folder.files(below: "\(scene.data)/files/.staging", hidden: true)
            for name in leftovers {
                var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
                utimensat(AT_FDCWD, "\(scene.data)/files/.staging/\(name)", &times, 0)
            }
            let swept = try await scene.json("expire")
            #expect(swept["stagedFiles"]?.integer == Int64(leftovers.count))
            #expect(Folder.files(below: "\(scene.data)/files/.staging", hidden: true).isEmpty)
            #expect(Folder.files(below: "\(scene.data)/files").count == moments.count)
        }

        @Test func `a worker that stalls past its lease finds the request taken, and harms nothing`() async throws {
            let scene = try await Scene.withSample(learners: 3_000, settings: Self.smallSettings)
            let plain = try await scene.csv("progress-exhaust")
            try await scene.running("work") { stalled in
                try await stalled.line { $0.contains("worker-started") }
                let watch = try FolderWatch("\(scene.data)/parts")
                let id = try await scene.submit("progress-exhaust")
                try await watch.wait { Self.parts($0).count >= 20 }
                try scene.hold(stalled)
                try await scene.running("work") { heir in
                    let ended = try await heir.line { $0.contains(id) && $0.contains("run-ended") }
                    #expect(ended.contains(#""status":"SUCCESS""#) && ended.contains(#""fencing":2"#))
                }
                let file = try scene.file(of: await scene.status(id))
                let published = try Folder.read(file)
                stalled.send(SIGCONT)
                let lost = try await stalled.line { $0.contains("run-lost") || $0.contains("run-ended") }
                #expect(lost.contains("run-lost") && lost.contains(#""fencing":1"#), "\(lost)")
                stalled.send(SIGTERM)
                #expect(await stalled.outcome().status == 0)
                let status = try await scene.status(id)
                #expect(status["status"]?.text == "SUCCESS" && status["attempts"]?.integer == 0)
                #expect(try scene.file(of: status) == file)
                #expect(try Folder.read(file) == published)
                #expect(Folder.files(below: "\(scene.data)/files").count == 1)
                #expect(try await scene.open(file).contains { $0.value == plain })
            }
        }

        @Test func `a worker that is asked to stop gives its request back within seconds, and no attempt is counted`()
            async throws
        {
            let scene = try await Scene.withSample(learners: 3_000, settings: Self.smallSettings)
            let plain = try await scene.csv("progress-exhaust")
            let id = try await scene.submit("progress-exhaust")
            let watch = try FolderWatch("\(scene.data)/parts")
            try await scene.running("work") { worker in
                try await watch.wait { Self.parts($0).count >= 20 }
                let asked = ContinuousClock.now
                worker.send(SIGTERM)
                let outcome = await worker.outcome()
                #expect(outcome.status == 0 && outcome.errors.contains("worker-stopped"), "\(outcome.errors)")
                #expect(ContinuousClock.now - asked < .seconds(5))
            }
            let waiting = try await scene.status(id)
            #expect(waiting["status"]?.text == "SUBMITTED" && waiting["attempts"]?.integer == 0)
            #expect(waiting["willRetry"]?.bool == false && waiting["error"]?.isNull == true)
            let kept = Set(Self.parts(watch.events()))
            try await scene.done("work", "--once")
            let made = Self.parts(watch.events())
            #expect(made.dropFirst(kept.count).filter { kept.contains($0) }.isEmpty)
            #expect(made.count == 60)
            #expect(try await scene.open(scene.file(of: await scene.status(id))).contains { $0.value == plain })
        }

        @Test func `a request that kills three workers in a row fails, until it is asked for again`() async throws {
            // One range, so that no worker keeps a part before it dies.
            let scene = try await Scene.withSample(
                learners: 2_000, settings: Self.settings.merging(["EXHAUST_RANGE_LEARNERS": "100000"]) { $1 })
            let id = try await scene.submit("progress-exhaust")
            for fencing in 1...3 {
                try await scene.running("work") { worker in
                    try await worker.line { $0.contains("run-began") && $0.contains(#""fencing":\#(fencing)"#) }
                }
            }
            try await scene.running("work") { worker in
                // The fourth worker takes the lease back and finds that it was the last one to be lost.
                try await scene.untilEnded(id)
                worker.send(SIGTERM)
                #expect(!(await worker.outcome().errors.contains("run-began")))
            }
            let failed = try await scene.status(id)
            #expect(failed["status"]?.text == "FAILED" && failed["errorCode"]?.text == "worker-lost")
            #expect(failed["canBeMendedBy"]?.text == "operator" && failed["willRetry"]?.bool == false)
            #expect(try await scene.submit("progress-exhaust") == id)
            try await scene.done("work", "--once")
            #expect(try await scene.status(id)["status"]?.text == "SUCCESS")
        }

        @Test func `an import that is interrupted changes nothing`() async throws {
            let scene = try await Scene.withSample(learners: 50)
            let learners = "\(scene.data)/learners.db"
            let before = try Folder.read(learners)
            try await scene.done("sample", "--learners", "5000", "--seed", "2", "--out", scene.path("more"))
            let watch = try FolderWatch(scene.data)
            try await scene.running("import", scene.path("more")) { importing in
                try await watch.wait { $0.contains { $0.change == .made && $0.name == "learners.db.importing" } }
                importing.send(SIGINT)
                #expect(await importing.outcome().status == 130)
            }
            #expect(try Folder.read(learners) == before)
            #expect(Folder.names(in: scene.data, hidden: true) == ["learners.db", "learners.db.lock"])
        }

        private func kill(at moment: Moment, _ scene: Scene, _ plain: [UInt8], tag: String) async throws {
            try await scene.running("work") { first in
                try await scene.running("work") { second in
                    let workers = [first, second]
                    for worker in workers { try await worker.line { $0.contains("worker-started") } }
                    let watch = try FolderWatch("\(scene.data)/parts", "\(scene.data)/files/.staging")
                    let id = try await scene.submit("progress-exhaust", tag: tag)
                    let victim = try await holder(of: id, among: workers)
                    try await watch.wait { moment.hasCome($0) }
                    workers[victim].send(SIGKILL)
                    #expect(await workers[victim].outcome().status == 128 + SIGKILL)
                    let kept = Set(Self.parts(watch.events()))
                    let heir = workers[1 - victim]
                    let took = try await heir.line { $0.contains(id) && $0.contains("run-began") }
                    #expect(took.contains(#""fencing":2"#), "\(moment): \(took)")
                    let ended = try await heir.line { $0.contains(id) && $0.contains("run-ended") }
                    #expect(ended.contains(#""status":"SUCCESS""#), "\(moment): \(ended)")

                    let made = Self.parts(watch.events())
                    let again = made.dropFirst(kept.count).filter { kept.contains($0) }
                    #expect(again.isEmpty, "\(moment): made again: \(again)")
                    #expect(made.count == 60 && Set(made).count == 60, "\(moment): \(made.count) parts")
                    try await checkResult(of: id, scene, plain, moment)
                }
            }
        }

        private func holder(of id: String, among workers: [RunningProgram]) async throws -> Int {
            try await withThrowingTaskGroup(of: Int?.self) { group in
                for (index, worker) in workers.enumerated() {
                    group.addTask {
                        try await worker.line { $0.contains(id) && $0.contains("run-began") }
                        return index
                    }
                }
                let first = try #require(try await group.next() ?? nil)
                group.cancelAll()
                // The wait for the other one is called off, which is no failure.
                while await group.nextResult() != nil {}
                return first
            }
        }

        private func checkResult(of id: String, _ scene: Scene, _ plain: [UInt8], _ moment: Moment) async throws {
            let status = try await scene.status(id)
            #expect(status["attempts"]?.integer == 0, "\(moment)")
            let file = try scene.file(of: status)
            let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            #expect(Folder.files(below: folder, hidden: true).count == 1, "\(moment)")
            #expect(Folder.names(in: "\(scene.data)/parts").isEmpty, "\(moment)")
            #expect(try await scene.open(file).contains { $0.value == plain }, "\(moment): another CSV")
        }
    }
}
