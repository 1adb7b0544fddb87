import ReportAPI
import ReportModel
import ReportService
import Synchronization

/// What a worker in this process tells of itself: its runs to the metrics, its heartbeats to `/ready`.
final class WorkerLife: Sendable {
    private struct State {
        var began: [RequestKey: Double] = [:]
        var lastBeat: Double
    }

    private let metrics: ServiceMetrics
    private let clock: SystemClock
    private let silentSeconds: Double
    private let state: Mutex<State>

    /// A worker that beats every `heartbeatSeconds` is taken for hung after ten that are missing, and not before a minute.
    init(_ metrics: ServiceMetrics, clock: SystemClock, heartbeatSeconds: Double) {
        self.metrics = metrics
        self.clock = clock
        silentSeconds = max(60, heartbeatSeconds * 10)
        state = Mutex(State(lastBeat: clock.seconds))
    }

    /// Observes the worker, and tells `other` too.
    func observer(and other: WorkerObserver = WorkerObserver()) -> WorkerObserver {
        WorkerObserver { [self] request, meter in
            state.withLock { $0.began[request.key] = clock.seconds }
            metrics.began()
            other.began(request, meter)
        } ended: { [self] request, stored in
            let began = state.withLock { $0.began.removeValue(forKey: request.key) }
            metrics.ended(request, stored, seconds: began.map { clock.seconds - $0 } ?? 0)
            other.ended(request, stored)
        } beat: { [self] in
            state.withLock { $0.lastBeat = clock.seconds }
            other.beat()
        }
    }

    /// Fails when the worker has been silent for too long.
    var check: Readiness.Check {
        Readiness.Check("worker") { [self] in
            let silence = clock.seconds - state.withLock { $0.lastBeat }
            guard silence <= silentSeconds else {
                throw ExhaustError(.unavailable, "worker: silent for \(Int(silence)) s", mender: .operator)
            }
        }
    }
}
