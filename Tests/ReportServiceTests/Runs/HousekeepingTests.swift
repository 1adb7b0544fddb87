import JobLifecycle
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import Testing

/// What expiry does to a job table that other programs use as well.
@Suite struct HousekeepingTests {
    private let scene: ServiceScene

    init() throws { scene = try ServiceScene(CourseTables.make()) }

    private func row(_ id: String, _ report: String, _ address: String) -> JobRequest {
        var row = JobScene.row(id, channel: "org-1", report: report)
        row.status = .success
        row.downloadPaths = [address]
        row.completedAt = Timestamp(milliseconds: 1_000)
        return row
    }

    private func publish(_ path: String) async throws {
        let file = try await scene.files.stage(path, fencing: 1)
        try await file.write([1])
        try await file.finish()
        try await scene.files.publish(file.name)
    }

    @Test func `rows and files of other programs stay, whatever their age`() async throws {
        let key = try await scene.submit().request.key
        try await scene.work()
        let own = try await scene.stored(key).request.downloadPaths
        let foreign = row("D", "druid-dataset", "https://account.example/reports/druid-dataset/D/x.csv")
        scene.jobs.writeForeign(foreign)
        try await publish("druid-dataset/D/x.csv")
        scene.clock.advance(seconds: 40 * 86_400)
        let removed = try await Housekeeping(ports: scene.ports(), reports: ["progress-exhaust"]).expire(days: 30)
        #expect(removed.expiredRequests == 1 && own.count == 1)
        #expect(try await scene.stored(foreign.key).request == foreign)
        #expect(try await scene.files.published().map(\.path) == ["druid-dataset/D/x.csv"])
    }

    @Test func `a file that a row of ours names by a whole address goes in its time`() async throws {
        let path = "progress-exhaust/U/b1_progress_20240131.zip"
        let ours = row("U", "progress-exhaust", "wasb://reports@account.example/\(path)")
        scene.jobs.writeForeign(ours)
        try await publish(path)
        scene.clock.advance(seconds: 40 * 86_400)
        let removed = try await Housekeeping(ports: scene.ports(), reports: ["progress-exhaust"]).expire(days: 30)
        #expect(removed.expiredRequests == 1)
        #expect(try await scene.files.published().isEmpty)
        #expect(try await scene.stored(ours.key).request.downloadPaths.isEmpty)
    }
}
