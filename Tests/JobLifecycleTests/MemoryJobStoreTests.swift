import ReportPorts
import ReportTesting
import Testing

@Suite struct MemoryJobStoreTests {
    @Test(arguments: JobStoreConformance.checks)
    func `the store in memory keeps every promise of a job store`(check: ConformanceCheck<JobScene>) async throws {
        try await check.run(on: .memory())
    }
}
