import ReportModel
import ReportPorts
import ReportRows
import Settings

/// Forgets requests that ended long ago, as far as settings say so and the job store can.
struct RowCare: Sendable {
    let composition: Composition
    let jobs: any JobStore

    /// How many runs were forgotten and rows removed.
    func run() async throws -> (runs: Int, requests: Int) {
        guard let store = jobs as? any RowRetaining else { return (0, 0) }
        let settings = composition.settings.jobs
        let now = try await jobs.now()
        var done = (runs: 0, requests: 0)
        if settings.runDays > 0 {
            done.runs = try await store.forgetRuns(endedBefore: now.adding(seconds: -86_400 * Double(settings.runDays)))
        }
        if settings.requestDays > 0 {
            done.requests = try await store.removeRequests(
                of: composition.registry.names(),
                endedBefore: now.adding(seconds: -86_400 * Double(settings.requestDays)))
        }
        return done
    }
}
