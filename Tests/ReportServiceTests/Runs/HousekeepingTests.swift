import JobLifecycle
import ReportModel
import ReportPorts
@testable import ReportService
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

    @Test func `a report of ours that another program made stays, by whatever address the row names it`() async throws {
        for (id, address) in [("U", "wasb://reports@account.example/"), ("V", "")] {
            let path = "progress-exhaust/\(id)/b1_progress_20240131.zip"
            let theirs = row(id, "progress-exhaust", address + path)
            scene.jobs.writeForeign(theirs)
            try await publish(path)
            scene.clock.advance(seconds: 40 * 86_400)
            let housekeeping = Housekeeping(ports: scene.ports(), reports: ["progress-exhaust"])
            #expect(try await housekeeping.expire(days: 30).expiredRequests == 0)
            #expect(try await housekeeping.sweep().unnamedFiles == 0)
            #expect(try await scene.files.size(of: path) != nil)
            #expect(try await scene.stored(theirs.key).request == theirs)
        }
    }

    @Test func `a table of many pages is swept as one of a single page`() async throws {
        var keys: [RequestKey] = []
        for number in 1...7 {
            keys.append(try await scene.submit(tag: "do_course_b\(number)").request.key)
            scene.clock.advance(seconds: 1)
        }
        try await scene.work()
        try await publish("progress-exhaust/LOST/x.zip")
        scene.clock.advance(seconds: 2 * 3_600)
        let housekeeping = Housekeeping(ports: scene.ports(), reports: ["progress-exhaust"], pageRows: 2)
        #expect(try await housekeeping.sweep().unnamedFiles == 1)
        for key in keys {
            for path in try await scene.stored(key).request.downloadPaths {
                #expect(try await scene.files.size(of: path) != nil)
            }
        }
        scene.clock.advance(seconds: 40 * 86_400)
        #expect(try await housekeeping.expire(days: 30).expiredRequests == 7)
        #expect(try await scene.files.published().isEmpty)
    }

    @Test func `a request that is filed again while the rows are read keeps its file`() async throws {
        var keys: [RequestKey] = []
        for number in 1...4 {
            keys.append(try await scene.submit(tag: "do_course_b\(number)").request.key)
            scene.clock.advance(seconds: 1)
        }
        try await scene.work()
        scene.clock.advance(seconds: 2 * 3_600)
        let scene = scene
        let oldest = keys[0]
        let tap = PortTap { call in
            // Behind the first page of the rows; the oldest moves to the front, which has been read.
            if call.name == "jobs.requests", call.number > 4 {
                _ = try? await scene.submit(tag: "do_course_b1", isFresh: true)
            }
            return .pass
        }
        let removed = try await Housekeeping(ports: scene.ports(tap), reports: ["progress-exhaust"], pageRows: 2)
            .sweep()
        #expect(removed.unnamedFiles == 0)
        for path in try await scene.stored(oldest).request.downloadPaths {
            #expect(try await scene.files.size(of: path) != nil)
        }
    }
}
