import ReportPorts
import ReportTesting
import SQLiteJobs
import Testing

@Suite struct SQLiteJobStoreConformanceTests {
    @Test(arguments: JobStoreConformance.checks)
    func `the store in SQLite keeps every promise of a job store`(check: ConformanceCheck<JobScene>) async throws {
        let scene = try await SQLiteScene()
        try await check.run(on: scene.jobs)
        await scene.store.close()
    }
}
