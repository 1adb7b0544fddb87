public import ReportModel
public import ReportPorts
import Synchronization

/// A clock that stands still until a test moves it; who sleeps is woken by moving it, never by waiting.
public final class ManualClock: ServiceClock {
    private struct Sleeper {
        let end: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state: Mutex<State>

    /// A clock that stands at `now`; 2024-01-31T09:00:00Z unless said otherwise.
    public init(_ now: Timestamp = Timestamp(milliseconds: 1_706_691_600_000)) {
        state = Mutex(State(now: now))
    }

    /// As `ServiceClock.now`.
    public func now() -> Timestamp { state.withLock { $0.now } }

    /// Moves the clock on by `seconds` and wakes who slept until then, the earliest first.
    public func advance(seconds: Double) {
        let woken = state.withLock { state in
            state.now = state.now.adding(seconds: seconds)
            let now = state.now
            let due = state.sleepers.filter { $0.value.end <= now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.sorted { ($0.value.end, $0.key) < ($1.value.end, $1.key) }.map(\.value.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// As `ServiceClock.sleep`.
    public func sleep(seconds: Double) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready = state.withLock { state in
                    let end = state.now.adding(seconds: seconds)
                    guard end > state.now, !Task.isCancelled else { return [CheckedContinuation<Void, Never>]?.none }
                    state.sleepers[id] = Sleeper(end: end, continuation: continuation)
                    let asleep = state.sleepers.count
                    defer { state.watchers.removeAll { $0.count <= asleep } }
                    return state.watchers.filter { $0.count <= asleep }.map(\.continuation)
                }
                if let ready {
                    for watcher in ready { watcher.resume() }
                } else if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    continuation.resume()
                }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Returns when at least `count` tasks sleep at this clock: the signal that it may be moved.
    public func whenAsleep(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}
