import SealedSpool
import Synchronization

/// A spool that is filled when it is first read.
final class LoadedSpool: Sendable {
    private let spool: Spool
    private let load: @Sendable (Spool) async throws -> Void
    private let loading = Mutex<Task<Void, any Error>?>(nil)

    init(_ spool: Spool, _ load: @escaping @Sendable (Spool) async throws -> Void) {
        self.spool = spool
        self.load = load
    }

    /// The spool with everything in it; all who ask meanwhile wait for the same.
    func loaded() async throws -> Spool {
        // No child of the first who asks: others wait for it too. All of them belong to one run, and end with it.
        let task = loading.withLock { loading in
            if let loading { return loading }
            let task = Task { [spool, load] in try await load(spool) }
            loading = task
            return task
        }
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
        return spool
    }
}
