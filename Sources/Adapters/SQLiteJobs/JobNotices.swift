import CLinux
import Dispatch
import Glibc
import ReportModel
import Synchronization

/// Tells listeners that somebody wrote to the store, in this process or another: the kernel reports writes to the
/// write-ahead log. Where it cannot, and as a safety net, listeners are told every `pollSeconds` anyway.
final class JobNotices: Sendable {
    /// When listeners are told.
    struct Timing: Sendable {
        /// The first write of a burst is told so much later, the others with it.
        var gatherMilliseconds = 2
        /// And once more so long after the last one: the log is written before the commit counts.
        var settleMilliseconds = 25
        /// At least so often.
        var pollSeconds = 2
    }

    private struct State {
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextListener = 0
        var watch: Watch?
        var isStopped = false
    }

    private let state = Mutex(State())
    private let path: String
    private let timing: Timing

    /// Notices of writes to the write-ahead log at `path`.
    init(logAt path: String, timing: Timing = .init()) {
        self.path = path
        self.timing = timing
    }

    deinit { stop() }

    /// A stream that ends with its task or when the store is closed. Of notices that nobody has taken, one is kept.
    func stream() -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let listener: Int? = state.withLock { state in
                if state.isStopped { return nil }
                state.nextListener += 1
                state.listeners[state.nextListener] = continuation
                if state.watch == nil {
                    state.watch = Watch(logAt: path, timing: timing) { [weak self] in self?.tell() }
                }
                return state.nextListener
            }
            guard let listener else { return continuation.finish() }
            continuation.onTermination = { [weak self] _ in self?.leave(listener) }
        }
    }

    /// Ends all streams.
    func stop() {
        let (listeners, watch) = state.withLock { state in
            defer { state.listeners = [:] }
            state.isStopped = true
            return (Array(state.listeners.values), state.watch.take())
        }
        watch?.stop()
        for listener in listeners { listener.finish() }
    }

    private func tell() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
    }

    private func leave(_ listener: Int) {
        let idle = state.withLock { state in
            state.listeners[listener] = nil
            return state.listeners.isEmpty ? state.watch.take() : nil
        }
        idle?.stop()
    }
}

/// The watch over the log: sources of the dispatch library, which wait in its own thread and never block one of Swift's.
// The sources are made and cancelled here and otherwise run on the queue alone; the library may be called by any thread.
private final class Watch: @unchecked Sendable {
    private let queue = DispatchQueue(label: "exhaust.job-notices")
    private let descriptor: Int32
    private let writes: (any DispatchSourceRead)?
    private let poll: any DispatchSourceTimer
    private let gather: any DispatchSourceTimer
    private let settle: any DispatchSourceTimer
    /// Whether `gather` is set; only touched on the queue.
    private var isGathering = false

    init(logAt path: String, timing: JobNotices.Timing, tell: @escaping @Sendable () -> Void) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        let isWatched = descriptor >= 0 && inotify_add_watch(descriptor, path, UInt32(IN_MODIFY)) >= 0
        writes = isWatched ? DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue) : nil
        poll = DispatchSource.makeTimerSource(queue: queue)
        gather = DispatchSource.makeTimerSource(queue: queue)
        settle = DispatchSource.makeTimerSource(queue: queue)
        let (descriptor, gather, settle) = (descriptor, gather, settle)
        poll.setEventHandler(handler: tell)
        poll.schedule(deadline: .now() + .seconds(timing.pollSeconds), repeating: .seconds(timing.pollSeconds))
        settle.setEventHandler(handler: tell)
        gather.setEventHandler { [weak self] in
            self?.isGathering = false
            tell()
        }
        writes?.setEventHandler { [weak self] in
            Self.empty(descriptor)
            settle.schedule(deadline: .now() + .milliseconds(timing.settleMilliseconds))
            guard let self, !self.isGathering else { return }
            self.isGathering = true
            gather.schedule(deadline: .now() + .milliseconds(timing.gatherMilliseconds))
        }
        if let writes {
            writes.setCancelHandler { close(descriptor) }
        } else if descriptor >= 0 {
            close(descriptor)
        }
        for timer in [poll, gather, settle] { timer.resume() }
        writes?.resume()
    }

    func stop() {
        writes?.cancel()
        for timer in [poll, gather, settle] { timer.cancel() }
    }

    /// What was written does not matter, only that something was.
    private static func empty(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while read(descriptor, &buffer, buffer.count) > 0 {}
    }
}
