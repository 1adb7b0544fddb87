import CLinux
import Glibc
import Synchronization

/// Turns SIGINT and SIGTERM into the cancellation of one task: the first asks it to stop, a second ends the program.
enum StopSignals {
    private static let onStop = Mutex<(@Sendable () -> Void)?>(nil)
    private static let reader = Mutex<Int32>(-1)

    /// Catches both signals and waits for them on a thread of its own. Call it first in the program.
    static func catchAll() {
        let signals = clinux_catch_stop_signals()
        // A reader that goes away is told by the error of the write, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        // So is a file that may not grow any more.
        signal(SIGXFSZ, SIG_IGN)
        // Without a pipe the signals end the program at once, as they do by default.
        guard signals >= 0 else { return }
        reader.withLock { $0 = signals }
        var thread = pthread_t()
        pthread_create(&thread, nil, { _ in StopSignals.wait() }, nil)
        pthread_detach(thread)
    }

    /// Runs `body`; a stop signal cancels it.
    static func cancelling<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value
    {
        // Unstructured so that the signal thread can cancel it; awaited right here. Under the lock, so that a signal that
        // comes when `body` has just begun finds it.
        let task = onStop.withLock { stop in
            let task = Task { try await body() }
            stop = { task.cancel() }
            return task
        }
        defer { onStop.withLock { $0 = nil } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private static func wait() -> UnsafeMutableRawPointer? {
        let signals = reader.withLock { $0 }
        var stops = 0
        while true {
            var number: UInt8 = 0
            guard read(signals, &number, 1) == 1 else { continue }
            stops += 1
            let stop = onStop.withLock { $0 }
            // Nothing that could stop cleanly is under way, or the user insists: 128 + signal, as shells expect.
            guard stops == 1, let stop else { _exit(128 + Int32(number)) }
            stop()
        }
    }
}
