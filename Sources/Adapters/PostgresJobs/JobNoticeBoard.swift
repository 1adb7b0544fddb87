import BlockingWork
import PostgresAccess
import ReportModel
import Synchronization

/// Streams of notices for tasks, fed by one connection while anybody listens, and notices to others.
final class JobNoticeBoard: Sendable {
    private struct State {
        var listeners: [Int: (topic: JobNotice, continuation: AsyncStream<Void>.Continuation)] = [:]
        var nextListener = 0
        var listener: PostgresListener?
        var isStopped = false
    }

    private let state = Mutex(State())
    private let channel: String
    private let options: PostgresOptions
    private let pollSeconds: Double

    init(channel: String, options: PostgresOptions, pollSeconds: Double) {
        self.channel = channel
        self.options = options
        self.pollSeconds = pollSeconds
    }

    deinit { stop() }

    /// A stream of notices that something waits (`work`), or of all (`change`). It ends with its task or when the store is
    /// closed. Of notices that nobody has taken, one is kept.
    func stream(_ topic: JobNotice) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let listener: Int? = state.withLock { state in
                if state.isStopped { return nil }
                state.nextListener += 1
                state.listeners[state.nextListener] = (topic, continuation)
                if state.listener == nil { state.listener = listen() }
                return state.nextListener
            }
            guard let listener else { return continuation.finish() }
            continuation.onTermination = { [weak self] _ in self?.leave(listener) }
        }
    }

    /// Tells all who listen, in this process and others. Only a service that listens itself has a connection for it; others
    /// are found by polling.
    func announce(_ notice: JobNotice) { state.withLock { $0.listener }?.send(notice.rawValue) }

    /// Ends all streams.
    func stop() {
        let (listeners, listener) = state.withLock { state in
            defer { state.listeners = [:] }
            state.isStopped = true
            return (state.listeners.values.map(\.continuation), state.listener.take())
        }
        listener?.stop()
        for continuation in listeners { continuation.finish() }
    }

    /// Nil if the system gives no thread: then there is the poll of those who listen.
    private func listen() -> PostgresListener? {
        do {
            return try PostgresListener(channel: channel, options: options, pollSeconds: pollSeconds) {
                [weak self] event in self?.tell(event)
            }
        } catch {
            return nil
        }
    }

    private func tell(_ event: PostgresListener.Event) {
        let isWork = event != .notice(JobNotice.change.rawValue)
        let told = state.withLock { state in
            state.listeners.values.filter { isWork || $0.topic == .change }.map(\.continuation)
        }
        for continuation in told { continuation.yield() }
    }

    private func leave(_ listener: Int) {
        let idle = state.withLock { state in
            state.listeners[listener] = nil
            return state.listeners.isEmpty ? state.listener.take() : nil
        }
        idle?.stop()
    }
}
