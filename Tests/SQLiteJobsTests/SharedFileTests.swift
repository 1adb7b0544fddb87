import JobLifecycle
import ReportModel
import ReportPorts
import ReportTesting
import SQLiteAccess
import SQLiteJobs
import Testing

/// Several workers on one file, each with a store of its own, as several processes are.
@Suite struct SharedFileTests {
    @Test func `workers of several processes never hold one request together, and none is left out`() async throws {
        let scene = try await SQLiteScene()
        for number in 0..<60 { try await scene.jobs.submit("R\(number)", channel: "org-\(number % 3)") }
        let path = scene.path
        let clock = scene.clock
        let leases = try await withThrowingTaskGroup(of: [LeasedRequest].self) { group in
            for worker in 0..<4 {
                group.addTask {
                    let store = try await SQLiteJobStore.open(path: path, clock: { clock.now() })
                    var mine: [LeasedRequest] = []
                    while let lease = try await store.lease(LeaseAsk(worker: "worker-\(worker)")) {
                        mine.append(lease)
                        if mine.count % 2 == 0 {
                            _ = try await store.finish(lease.token, .succeeded(receipt: "{}", milliseconds: 1))
                        }
                    }
                    await store.close()
                    return mine
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(leases.count == 60 && Set(leases.map(\.token.key)).count == 60)
        await scene.store.close()
    }

    @Test func `what one process did another sees, and takes over when its lease has ended`() async throws {
        let scene = try await SQLiteScene()
        let other = try await scene.openAgain()
        try await scene.jobs.submit("A")
        let lease = try #require(try await other.lease(LeaseAsk(worker: "other")))
        #expect(try await scene.jobs.status("A") == .processing)
        await other.close()
        scene.clock.advance(seconds: 15)
        let mine = try await scene.jobs.leaseNext()
        #expect(mine.token.fencing == lease.token.fencing + 1)
        await scene.store.close()
    }

    @Test func `everything is there after the store was closed and opened again`() async throws {
        let scene = try await SQLiteScene()
        try await scene.jobs.submit(JobScene.row("A"), password: "secret", layout: .sunbird, fresh: true)
        let lease = try await scene.jobs.leaseNext()
        try await scene.store.update(lease.token, .began(dataVersion: "7", sealedRunKey: [0, 255]))
        try await scene.jobs.finishBatch(lease, "b1")
        try await scene.store.update(lease.token, .publishing([StagedFileName(staging: "s", final: "f")]))
        try await scene.jobs.fail(lease)
        let before = try await scene.jobs.stored("A")
        await scene.store.close()
        let again = try await scene.openAgain()
        #expect(try await again.request("A", tag: nil) == before)
        #expect(before.run?.failure != nil && before.run?.files.count == 1 && before.run?.publishing.count == 1)
        #expect(before.run?.freshSince != nil && before.run?.notBefore != nil)
        await again.close()
    }

    @Test func `two processes can make the file at the same time`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("jobs.db")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask {
                    let store = try await SQLiteJobStore.open(path: path)
                    _ = try await store.submit(Submission(request: JobScene.row("R\(number)")))
                    await store.close()
                }
            }
            try await group.waitForAll()
        }
        let store = try await SQLiteJobStore.open(path: path)
        #expect(try await store.requests(RequestQuery()).count == 6)
        await store.close()
    }

    @Test func `whatever happens in whatever order, no promise of the store in SQLite is broken`() async throws {
        for seed in 0..<25 as Range<UInt64> {
            let scene = try await SQLiteScene()
            var simulation = JobSimulation(scene: scene.jobs, seed: seed)
            try await simulation.run(steps: 60)
            await scene.store.close()
        }
    }

    @Test func `what a random life leaves is the same in SQLite as in memory`() async throws {
        for seed in 100..<110 as Range<UInt64> {
            let scene = try await SQLiteScene()
            let memory = JobScene.memory()
            var first = JobSimulation(scene: scene.jobs, seed: seed)
            var second = JobSimulation(scene: memory, seed: seed)
            try await first.run(steps: 60)
            try await second.run(steps: 60)
            let query = RequestQuery(limit: 1_000)
            let (stored, remembered) = (try await scene.store.requests(query), try await memory.store.requests(query))
            #expect(stored == remembered, "seed \(seed)")
            await scene.store.close()
        }
    }
}
