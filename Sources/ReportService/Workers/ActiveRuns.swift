import JobLifecycle
import ReportModel
import ReportPorts
import Synchronization

/// The runs that a worker has in hand.
final class ActiveRuns: Sendable {
    /// A run in hand, with the means to stop it.
    struct Run: Sendable {
        let token: LeaseToken
        let meter: RunMeter
        let stopNotice: AsyncStream<Never>.Continuation
    }

    private let runs = Mutex<[LeaseToken: Run]>([:])

    var all: [Run] { runs.withLock { Array($0.values) } }

    var count: Int { runs.withLock { $0.count } }

    func add(_ run: Run) { runs.withLock { $0[run.token] = run } }

    func remove(_ token: LeaseToken) { runs.withLock { $0[token] = nil } }

    func yieldAfterBatch(_ token: LeaseToken) { runs.withLock { $0[token] }?.meter.yieldAfterBatch() }

    func stop(_ token: LeaseToken, because reason: StopReason) {
        guard let run = runs.withLock({ $0[token] }) else { return }
        run.meter.stop(because: reason)
        run.stopNotice.finish()
    }
}

/// Renews the leases of all runs of a worker, and stops those that are no longer its own or were called off.
struct Heartbeat: Sendable {
    let ports: ServicePorts
    let settings: ServiceSettings
    let runs: ActiveRuns
    /// The reports of the worker: a run yields only to requests that the worker could take.
    let reports: Set<String>
    /// Told of every beat.
    var told: @Sendable () -> Void = {}

    /// Beats until the task is cancelled.
    func run() async {
        var lastRenewed = ports.clock.now()
        while await ports.clock.slept(seconds: settings.heartbeatSeconds) {
            lastRenewed = await beat(lastRenewed: lastRenewed)
            told()
        }
    }

    /// One heartbeat; answers when the leases were renewed last. If the store has not answered for as long as a lease
    /// lasts, the runs may be somebody else's by now and are stopped.
    func beat(lastRenewed: Timestamp) async -> Timestamp {
        let now = ports.clock.now()
        let renewals = runs.all.map {
            LeaseRenewal(
                token: $0.token, progress: $0.meter.progress, leaseSeconds: settings.leaseSeconds,
                throttle: settings.throttle, reports: reports)
        }
        if renewals.isEmpty { return now }
        do {
            for answer in try await ports.jobs.renew(renewals) {
                if !answer.isHeld {
                    runs.stop(answer.token, because: .leaseLost)
                } else if answer.cancelWished {
                    runs.stop(answer.token, because: .cancelled)
                } else if answer.mustYield {
                    runs.yieldAfterBatch(answer.token)
                }
            }
            return now
        } catch {
            if Task.isCancelled { return lastRenewed }
            ports.log.log(.warning, "heartbeat-failed", [("error", .string(ExhaustError.wrap(error).message))])
            if now.seconds(since: lastRenewed) >= settings.leaseSeconds {
                for renewal in renewals { runs.stop(renewal.token, because: .leaseLost) }
            }
            return lastRenewed
        }
    }
}

extension ServiceClock {
    /// Waits for `seconds`; false if the task was cancelled meanwhile.
    func slept(seconds: Double) async -> Bool {
        do {
            try await sleep(seconds: seconds)
            return !Task.isCancelled
        } catch {
            return false
        }
    }
}

extension ExhaustError {
    /// `error` in the one shape of errors; anything foreign is a fault of this program and keeps its text to itself,
    /// since it could hold personal data.
    static func wrap(_ error: any Error) -> ExhaustError {
        if let error = error as? ExhaustError { return error }
        if error is CancellationError { return ExhaustError(.cancelled, "run: it was stopped") }
        return ExhaustError(.internalFault, "run: unexpected error of type \(type(of: error))", cause: error)
    }
}
