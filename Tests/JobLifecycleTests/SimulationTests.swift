import Glibc
import ReportTesting
import Testing

@Suite struct SimulationTests {
    /// Schedules in each of ten parts: 2,000 in all, or as many as `EXHAUST_SIMULATIONS` says.
    static let schedules = (getenv("EXHAUST_SIMULATIONS").flatMap { UInt64(String(cString: $0)) } ?? 2_000) / 10

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `whatever happens in whatever order, no promise of the store in memory is broken`(part: UInt64) async throws {
        for seed in part * Self.schedules..<(part + 1) * Self.schedules {
            var simulation = JobSimulation(scene: .memory(), seed: seed)
            try await simulation.run(steps: 60)
        }
    }
}
