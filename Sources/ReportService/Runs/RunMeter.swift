public import ReportModel
import ReportPorts
import Synchronization

/// Why a run has to stop before its end.
enum StopReason: Sendable, Hashable {
    /// Another worker may own the run now.
    case leaseLost
    /// Somebody called the request off.
    case cancelled
}

/// How far a run is, and why it has to stop; written by its ranges, read by heartbeats and progress bars.
public final class RunMeter: Sendable {
    private struct State {
        var progress = RunProgress()
        var stop: StopReason?
        var mustYield = false
    }

    private let state = Mutex(State())
    /// How far the reading of whole tables is.
    let reading = ReadingMeter()

    /// A run that has not begun.
    public init() {}

    /// How far it is.
    public var progress: RunProgress {
        var progress = state.withLock { $0.progress }
        (progress.stretchesDone, progress.stretchesExpected) = reading.progress
        return progress
    }

    /// Why it has to stop; nil if it may go on.
    var stop: StopReason? { state.withLock { $0.stop } }

    /// Whether it is to be given back after the batch in hand.
    var mustYield: Bool { state.withLock { $0.mustYield } }

    func add(learners: Int, rows: Int) {
        state.withLock {
            $0.progress.learnersDone += learners
            $0.progress.rows += rows
        }
    }

    /// Counts a batch that an earlier attempt finished, by its receipt.
    func addFinished(_ receipt: JSONValue) {
        let learners = Int(receipt["counts"]?["enrolled"]?.integer ?? 0)
        expect(learners: learners)
        add(learners: learners, rows: Int(receipt["counts"]?["rows"]?.integer ?? 0))
    }

    func expect(learners: Int) { state.withLock { $0.progress.learnersExpected += learners } }

    /// Notes the first reason to stop; later ones do not replace it.
    func stop(because reason: StopReason) { state.withLock { $0.stop = $0.stop ?? reason } }

    func yieldAfterBatch() { state.withLock { $0.mustYield = true } }
}
