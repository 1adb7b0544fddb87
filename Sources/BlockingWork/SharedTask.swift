import Synchronization

/// Work that the first who needs it begins and that all who need it wait for. It is done once, whether it succeeds or fails.
public final class SharedTask: Sendable {
    private let task = Mutex<Task<Void, any Error>?>(nil)

    /// Nothing begun.
    public init() {}

    /// Begins `work` if nobody has, and waits for its end. Whoever is cancelled while waiting cancels it for all: they are
    /// parts of one run, and end with it.
    public func run(_ work: @escaping @Sendable () async throws -> Void) async throws {
        // No child of the first who asks, since others wait for it too.
        let shared = task.withLock { task in
            let shared = task ?? Task { try await work() }
            task = shared
            return shared
        }
        try await withTaskCancellationHandler {
            try await shared.value
        } onCancel: {
            shared.cancel()
        }
    }
}
