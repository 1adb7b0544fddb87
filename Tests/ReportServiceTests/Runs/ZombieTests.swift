import JobLifecycle
import ReportModel
import ReportPorts
import ReportRows
import ReportService
import ReportTesting
import Synchronization
import Testing

/// A worker that stood still for longer than its lease, and does not know: another one has its request meanwhile.
@Suite struct ZombieTests {
    /// Settings of a worker whose heartbeat stands still with it.
    private static var zombie: ServiceSettings {
        var settings = Recovery.smallRanges
        settings.heartbeatSeconds = 1_000_000
        return settings
    }

    /// Everything that others see of a request.
    private struct Seen: Equatable {
        var stored: StoredRequest
        var files: [String: [UInt8]] = [:]

        init(_ scene: ServiceScene, _ key: RequestKey) async throws {
            stored = try await scene.stored(key)
            for file in try await scene.files.published() { files[file.path] = try await scene.bytes(of: file.path) }
        }
    }

    /// Lets the lease end while `body` works, in a task of its own: that of the zombie may be cancelled.
    private func takeOver(_ scene: ServiceScene, _ body: @escaping @Sendable () async throws -> Void) async {
        await #expect(throws: Never.self) {
            scene.clock.advance(seconds: 20)
            try await Task(operation: body).value
        }
    }

    @Test(arguments: [Recovery(), .twoReadings, .twoBatches])
    func `nothing of it is published once another worker has taken over`(recovery: Recovery) async throws {
        let csv = try await recovery.csv()
        for number in try await recovery.callNumbers() {
            let scene = try recovery.scene()
            let key = try await scene.submit(recovery.report, recovery.config).key
            let seen = Mutex<Seen?>(nil)
            let tap = PortTap { call in
                guard call.number == number else { return .pass }
                await takeOver(scene) {
                    try await scene.work("worker-2")
                    let now = try await Seen(scene, key)
                    seen.withLock { $0 = now }
                }
                return .pass
            }
            try await scene.work("worker-1", tap, settings: Self.zombie)
            let call = tap.call(number)
            if let seen = seen.withLock({ $0 }) {
                #expect(seen.stored.request.status == .success, call.comment)
                let isUnchanged = try await Seen(scene, key) == seen
                #expect(isUnchanged, call.comment)
            }
            #expect(try await scene.stored(key).request.iteration == 0, call.comment)
            try await recovery.expectComplete(scene, key, csv: csv, call.comment)
        }
    }

    @Test(arguments: [12, 30, 48, 66])
    func `it does not get in the way of those who come after`(secondDies: Int) async throws {
        let recovery = Recovery()
        let csv = try await recovery.csv()
        for number in try await recovery.callNumbers() where number % 3 == 0 {
            let scene = try recovery.scene()
            let key = try await scene.submit(recovery.report, recovery.config).key
            let tap = PortTap { call in
                guard call.number == number else { return .pass }
                await takeOver(scene) { try await scene.work("worker-2", .at(secondDies, .dieAfter)) }
                return .pass
            }
            try await scene.work("worker-1", tap, settings: Self.zombie)
            scene.clock.advance(seconds: 20)
            try await scene.work("worker-3")
            try await recovery.expectComplete(scene, key, csv: csv, tap.call(number).comment)
        }
    }

    @Test func `its parts are not used if the data changed meanwhile`() async throws {
        let recovery = Recovery()
        for number in try await recovery.callNumbers() where number % 4 == 0 {
            let scene = try recovery.scene()
            let key = try await scene.submit(recovery.report, recovery.config).key
            let tap = PortTap { call in
                guard call.number == number else { return .pass }
                scene.data.change { Self.rename(in: &$0) }
                await takeOver(scene) { try await scene.work("worker-2") }
                return .pass
            }
            try await scene.work("worker-1", tap, settings: Self.zombie)
            let stored = try await scene.stored(key)
            let wasFirst = stored.run?.fencing == 1
            let csv = wasFirst ? try await recovery.csv() : try await scene.plainCSV(recovery.report, recovery.config)
            try await recovery.expectComplete(scene, key, csv: csv, tap.call(number).comment)
        }
    }

    @Test func `every learner is there once, even if it and its successor read different data without versions`()
        async throws
    {
        let recovery = Recovery(settings: Self.manyPieces)
        for number in try await recovery.callNumbers() where number % 3 == 1 {
            let scene = try ServiceScene(CourseTables.make(13), settings: recovery.settings, hasVersions: false)
            let key = try await scene.submit(recovery.report, recovery.config).key
            let tap = PortTap { call in
                guard call.number == number else { return .pass }
                scene.data.change { Self.rename(in: &$0) }
                await takeOver(scene) { try await scene.work("worker-2", .at(number + 4, .die)) }
                return .pass
            }
            try await scene.work("worker-1", tap, settings: Self.manyPieces)
            scene.clock.advance(seconds: 20)
            try await scene.work("worker-3")
            let rows = try Self.learners(try await scene.archive(key).csv)
            let expected = try Self.learners(try await scene.plainCSV(recovery.report, recovery.config))
            #expect(rows == expected, tap.call(number).comment)
        }
    }

    /// The same rows for everybody, but longer ones.
    private static func rename(in tables: inout ImportTables) {
        for number in 0..<13 {
            tables.add(["userid": CourseTables.user(number), "firstname": "Renamed to a longer name"], to: "user")
        }
    }

    /// Pieces end by bytes, so that longer rows end them elsewhere.
    private static var manyPieces: ServiceSettings {
        var settings = zombie
        settings.pieces.bytes = 700
        return settings
    }

    /// The user ids of a report's rows.
    private static func learners(_ csv: [UInt8]) throws -> [Substring] {
        String(decoding: csv, as: UTF8.self).split(separator: "\n").compactMap { line in
            line.split(separator: ",").first { $0.hasPrefix("user-") }
        }
    }
}
