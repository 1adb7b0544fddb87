import JobLifecycle
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import Testing

/// Something happens at each call of a run in turn; whatever it is, the request is completed afterwards.
@Suite struct FaultTests {
    /// More than a lease and more than the first back-off last.
    private static let recoverySeconds = 20.0

    @Test(arguments: [
        (Recovery(), ExhaustError.Code.storageFailed), (.twoReadings, .unavailable), (.twoBatches, .unavailable),
    ])
    func `a port that fails costs an attempt, one that does not answer none, and both are tried again`(
        recovery: Recovery, code: ExhaustError.Code
    ) async throws {
        let failure = ExhaustError(code, "the test's port: it does not do it")
        let csv = try await recovery.csv()
        for number in try await recovery.callNumbers() {
            let scene = try recovery.scene()
            let key = try await scene.submit(recovery.report, recovery.config).key
            let tap = PortTap.at(number, .fail(failure))
            var error: (any Error)?
            do { try await scene.work("worker-1", tap) } catch let thrown { error = thrown }
            let call = tap.call(number)
            // With --once, a store that cannot be asked for work ends the worker, perhaps after the work is done.
            #expect((error == nil) == (call?.name != "jobs.lease"), call.comment)
            try await expectCounted(scene, key, call, failure)
            scene.clock.advance(seconds: Self.recoverySeconds)
            try await scene.work("worker-2")
            try await recovery.expectComplete(scene, key, csv: csv, call.comment)
        }
    }

    private func expectCounted(
        _ scene: ServiceScene, _ key: RequestKey, _ call: PortTap.Call?, _ failure: ExhaustError
    ) async throws {
        let stored = try await scene.stored(key)
        switch call?.name {
        case "jobs.lease":
            #expect(stored.request.status == (call?.number == 1 ? .submitted : .success), call.comment)
            #expect(stored.request.iteration == 0, call.comment)
        case "jobs.finish":
            #expect(stored.request.status == .processing, call.comment)
            #expect(stored.request.iteration == 0, call.comment)
        case "parts.removeAll", "learners.close", nil:
            #expect(stored.request.status == .success, call.comment)
        default:
            #expect(stored.request.status == .failed, call.comment)
            #expect(stored.request.iteration == (failure.code == .unavailable ? 0 : 1), call.comment)
            #expect(stored.request.errorMessage == failure.message, call.comment)
            #expect(stored.run?.failure?.code == failure.code.description, call.comment)
            #expect(stored.run?.failure?.mender == .operator, call.comment)
            #expect(stored.run?.willRetry == true, call.comment)
            // A worker that fails tidies up behind itself.
            #expect(scene.files.stagedNames.isEmpty, call.comment)
        }
    }

    @Test(arguments: [(Recovery(), PortTap.Fate.die), (.twoReadings, .dieAfter), (.twoBatches, .dieAfter)])
    func `a worker that dies costs no attempt, and no file is there twice`(
        recovery: Recovery, fate: PortTap.Fate
    ) async throws {
        let csv = try await recovery.csv()
        for number in try await recovery.callNumbers() {
            let scene = try recovery.scene()
            let key = try await scene.submit(recovery.report, recovery.config).key
            let tap = PortTap.at(number, fate)
            let survived = try await scene.work("worker-1", tap)
            let call = tap.call(number)
            #expect(!survived || call == nil, call.comment)
            let early = try await scene.stored(key).request.status
            if early == .processing {
                // Nobody may take it over while the lease lasts.
                scene.clock.advance(seconds: 14)
                try await scene.work("worker-2")
                #expect(try await scene.stored(key).request.status == .processing, call.comment)
            }
            scene.clock.advance(seconds: Self.recoverySeconds)
            try await scene.work("worker-2")
            #expect(try await scene.stored(key).request.iteration == 0, call.comment)
            try await recovery.expectComplete(scene, key, csv: csv, call.comment)
        }
    }

    @Test func `finished ranges are not read again by the next worker`() async throws {
        let recovery = Recovery()
        for number in try await recovery.callNumbers() {
            let scene = try recovery.scene()
            let key = try await scene.submit(recovery.report, recovery.config).key
            let dying = PortTap.at(number, .die)
            try await scene.work("worker-1", dying)
            let call = dying.call(number)
            let isMade = try await scene.stored(key).run?.files.isEmpty == false
            let kept = scene.parts.count
            scene.clock.advance(seconds: Self.recoverySeconds)
            let tap = PortTap()
            try await scene.work("worker-2", tap)
            // A range is one page here, and the enrolments of each page are read once.
            #expect(tap.count("learners.enrolments") == (isMade ? 0 : 4 - kept), call.comment)
        }
    }

    @Test func `three workers that die one after the other without a new part fail the request`() async throws {
        let recovery = Recovery()
        let scene = try recovery.scene()
        let key = try await scene.submit(recovery.report).key
        for number in 1...3 {
            try await scene.work("worker-\(number)", PortTap { $0.name == "learners.open" ? .die : .pass })
            scene.clock.advance(seconds: Self.recoverySeconds)
        }
        try await scene.work("worker-4")
        let stored = try await scene.stored(key)
        #expect(stored.request.status == .failed)
        #expect(stored.run?.failure?.code == "worker-lost")
    }
}
