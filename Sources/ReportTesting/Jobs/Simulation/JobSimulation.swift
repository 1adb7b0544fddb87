import JobLifecycle
import ReportModel
import ReportPorts

/// One random life of a job store: people who submit and cancel, workers that work, stall and die, and other programs
/// at the same table, by a manual clock. After every step all rows are compared with those before it (`audit`).
public struct JobSimulation {
    /// What a broken promise is told with: the seed brings it back.
    public struct Failure: Error, CustomStringConvertible {
        /// The broken promise, the seed, and the steps before.
        public let description: String
    }

    /// One step, with the request that it is about.
    struct Step {
        var name: String
        var key: RequestKey?
        /// Whether it changed rows as another program would.
        var isForeign = false
        /// Whether it was made under the current lease of `key`.
        var isByHolder = false
    }

    typealias Rows = [RequestKey: StoredRequest]

    let scene: JobScene
    let seed: UInt64
    var random: SeededRandom
    /// Leases of workers that live, or believe so.
    var leases: [LeasedRequest] = []
    /// Failures that each request must show as its attempts.
    var failures: [RequestKey: Int] = [:]
    var history: [String] = []

    /// A life of the store of `scene`, which is empty.
    public init(scene: JobScene, seed: UInt64) {
        self.scene = scene
        self.seed = seed
        random = SeededRandom(seed: seed)
    }

    /// Lives `steps` steps and then works off what waits. Throws `Failure` at the first broken promise.
    public mutating func run(steps: Int) async throws {
        var before: Rows = [:]
        for _ in 0..<steps {
            let step = try await take(before)
            before = try await audited(step, before)
        }
        try await workOff(before)
    }

    private mutating func take(_ rows: Rows) async throws -> Step {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<22: return try await submit()
        case 22..<44: return try await lease()
        case 44..<74: return try await work(rows)
        case 74..<90:
            let seconds = random.pick([0.5, 2, 7, 16, 40])
            scene.clock.advance(seconds: seconds)
            return Step(name: "wait \(seconds)")
        case 90..<94: return try await call("cancel") { _ = try await $0.cancel($1) }
        case 94..<95: return try await call("forget files") { try await $0.forgetFiles($1) }
        case 95..<97: return try await call("adopt") { _ = try await $0.adopt($1) }
        default: return try await meddle(rows)
        }
    }

    private mutating func submit() async throws -> Step {
        let row = JobScene.row(
            "R\(Int.random(in: 0..<8, using: &random))", channel: random.pick(["org-a", "org-b"]),
            by: random.pick(["user-1", "user-1", "user-2"]),
            config: random.pick([#"{"batchId":"b1"}"#, #"{"batchId":"b2"}"#]))
        let (password, isFresh) = (random.chance(20) ? "p" : "", random.chance(15))
        do {
            let answer = try await scene.submit(row, password: password, fresh: isFresh)
            if answer.effect != .unchanged { failures[row.key] = 0 }
            return Step(name: "submit \(answer.effect)", key: row.key)
        } catch let error as ExhaustError where error.code == .conflict {
            return Step(name: "submit refused", key: row.key)
        }
    }

    private mutating func lease() async throws -> Step {
        let ask = LeaseAsk(worker: "worker-\(leases.count)", throttle: ThrottleLimits(batchesPerChannel: 3))
        guard let lease = try await scene.store.lease(ask) else { return Step(name: "lease nothing") }
        leases.append(lease)
        return Step(name: "lease \(lease.token.fencing)", key: lease.token.key)
    }

    /// A worker does something under its lease, current or not; the store must know which.
    private mutating func work(_ rows: Rows) async throws -> Step {
        guard let lease = leases.randomElement(using: &random) else { return Step(name: "no work") }
        let key = lease.token.key
        let run = rows[key]?.run
        let isHeld =
            run?.owner != nil && run?.fencing == lease.token.fencing && rows[key]?.request.status == .processing
        var step = Step(name: "", key: key, isByHolder: isHeld)
        do {
            step.name = try await write(lease, isHeld, run)
            if !isHeld { throw failure("a lease that is not held was obeyed: \(step.name) \(key.requestID)") }
        } catch let error as ExhaustError where error.code == .leaseLost {
            step.name = "work refused"
            leases.removeAll { $0.token == lease.token }
            if isHeld { throw failure("a lease that is held was refused: \(key.requestID)") }
        }
        return step
    }

    private mutating func write(_ lease: LeasedRequest, _ isHeld: Bool, _ run: JobRun?) async throws -> String {
        let (store, token) = (scene.store, lease.token)
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1:
            let answers = try await store.renew([LeaseRenewal(token: token, progress: .init(rows: 1))])
            if answers.map(\.isHeld) != [true] { throw ExhaustError(.leaseLost, "renewal") }
            return "renew"
        case 2:
            try await store.update(token, .partKept(.init(learnersDone: 1)))
            return "part"
        case 3, 4:
            try await scene.finishBatch(lease, "b\(Int.random(in: 0..<3, using: &random))")
            return "batch"
        case 5, 6:
            try await scene.succeed(lease)
            return "succeed"
        case 7, 8:
            let isOutage = random.chance(20)
            try await scene.fail(
                lease, canPass: isOutage || random.chance(70), code: isOutage ? .unavailable : .storageFailed)
            if run?.cancelWished != true, !isOutage { failures[token.key, default: 0] += 1 }
            return "fail"
        default:
            _ = try await store.finish(token, random.chance(80) ? .givenBack(.shutDown) : .cancelled)
            return "give back"
        }
    }

    private mutating func call(
        _ name: String, _ body: (any JobStore, RequestKey) async throws -> Void
    ) async throws -> Step {
        let key = anyKey()
        do {
            try await body(scene.store, key)
            return Step(name: name, key: key)
        } catch let error as ExhaustError where error.code == .conflict || error.code == .notFound {
            return Step(name: "\(name) refused", key: key)
        }
    }

    /// Another program changes or deletes a row.
    private mutating func meddle(_ rows: Rows) async throws -> Step {
        let key = anyKey()
        guard var row = rows[key]?.request else { return Step(name: "no row") }
        if random.chance(30) {
            try await scene.deleteForeign(key)
            failures[key] = nil
            return Step(name: "delete", key: key, isForeign: true)
        }
        row.status = random.pick([.submitted, .processing, .failed])
        try await scene.writeForeign(row)
        return Step(name: "write \(row.status.rawValue)", key: key, isForeign: true)
    }

    private mutating func anyKey() -> RequestKey {
        JobScene.row("R\(Int.random(in: 0..<8, using: &random))", channel: random.pick(["org-a", "org-b"])).key
    }
}
