internal import CCassandra
import Synchronization

/// Something that the driver is doing, awaited without a thread.
///
/// Unchecked: the future behind it is safe to use on any thread, and is freed by the last reference.
final class CassandraFuture: @unchecked Sendable {
    private struct State {
        var code: Int32?
        var waiting: CheckedContinuation<Int32?, Never>?
    }

    private let api: ccassandra_api
    private let future: OpaquePointer
    private let whenDone: @Sendable () -> Void
    private let state = Mutex(State())

    /// Watches a future of the driver; `whenDone` is called once, on a thread of the driver.
    init(_ future: OpaquePointer, _ api: ccassandra_api, whenDone: @escaping @Sendable () -> Void = {}) {
        self.api = api
        self.future = future
        self.whenDone = whenDone
        // Released by the callback, which comes exactly once, also when the future was done before.
        let own = Unmanaged.passRetained(self).toOpaque()
        _ = api.future_set_callback(
            future,
            { _, data in
                guard let data else { return }
                Unmanaged<CassandraFuture>.fromOpaque(data).takeRetainedValue().end()
            }, own)
    }

    deinit { api.future_free(future) }

    /// Waits until it is done; answers the driver's error code, 0 if all went well. Throws `CancellationError`; what is
    /// under way then ends by itself, at its time limit at the latest.
    func code() async throws -> Int32 {
        let code = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Int32?? in
                    if let code = state.code { return .some(code) }
                    if Task.isCancelled { return .some(nil) }
                    state.waiting = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            take()?.resume(returning: nil)
        }
        guard let code else { throw CancellationError() }
        return code
    }

    /// The rows, of a query that went well. The caller frees them.
    var result: OpaquePointer? { api.future_get_result(future) }

    /// What was prepared. The caller frees it.
    var prepared: OpaquePointer? { api.future_get_prepared(future) }

    private func end() {
        let code = api.future_error_code(future)
        let waiting = state.withLock { state -> CheckedContinuation<Int32?, Never>? in
            state.code = code
            defer { state.waiting = nil }
            return state.waiting
        }
        whenDone()
        waiting?.resume(returning: code)
    }

    private func take() -> CheckedContinuation<Int32?, Never>? {
        state.withLock { state in
            defer { state.waiting = nil }
            return state.waiting
        }
    }
}
