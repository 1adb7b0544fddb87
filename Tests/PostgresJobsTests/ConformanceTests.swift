import PostgresJobs
import ReportPorts
import ReportTesting
import Testing

@Suite(.needsPostgres) struct PostgresJobStoreConformanceTests {
    @Test(arguments: JobStoreConformance.checks)
    func `the store in PostgreSQL keeps every promise of a job store`(check: ConformanceCheck<JobScene>) async throws {
        let scene = try await PostgresScene()
        try await check.run(on: scene.jobs)
        try await scene.end()
    }

    @Test func `whatever happens in whatever order, no promise of the store in PostgreSQL is broken`() async throws {
        for seed in 0..<10 as Range<UInt64> {
            let scene = try await PostgresScene()
            var simulation = JobSimulation(scene: scene.jobs, seed: seed)
            try await simulation.run(steps: 60)
            try await scene.end()
        }
    }

    @Test func `what a random life leaves is the same in PostgreSQL as in memory`() async throws {
        for seed in 100..<106 as Range<UInt64> {
            let scene = try await PostgresScene()
            let memory = JobScene.memory()
            var first = JobSimulation(scene: scene.jobs, seed: seed)
            var second = JobSimulation(scene: memory, seed: seed)
            try await first.run(steps: 60)
            try await second.run(steps: 60)
            let query = RequestQuery(limit: 1_000)
            let (stored, remembered) = (try await scene.store.requests(query), try await memory.store.requests(query))
            #expect(stored == remembered, "seed \(seed)")
            try await scene.end()
        }
    }
}
