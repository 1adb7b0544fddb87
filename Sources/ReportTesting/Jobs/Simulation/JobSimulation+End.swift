import JobLifecycle
import ReportModel
import ReportPorts

extension JobSimulation {
    /// All workers die, and one that does its work takes over: then nothing may be left waiting.
    mutating func workOff(_ rows: Rows) async throws {
        leases = []
        var rows = rows
        var idle = 0
        while idle < 3 {
            guard let lease = try await scene.lease() else {
                idle += 1
                rows = try await audited(Step(name: "lease nothing"), rows)
                // Past every lease and back-off.
                scene.clock.advance(seconds: 700)
                rows = try await audited(Step(name: "wait"), rows)
                continue
            }
            idle = 0
            rows = try await audited(Step(name: "lease", key: lease.token.key), rows)
            try await scene.succeed(lease)
            rows = try await audited(Step(name: "succeed", key: lease.token.key, isByHolder: true), rows)
            guard history.count < 100_000 else { throw failure("it never ends") }
        }
        for (key, row) in rows {
            switch RequestState(of: row.request, run: row.run) {
            case .succeeded, .failed, .cancelled, .foreign: continue
            case .waiting, .leased, .backingOff: throw failure("\(key.requestID) was left behind: \(row)")
            }
        }
        if let due = try await scene.store.nextDue() { throw failure("something is due at \(due.iso8601)") }
    }
}
