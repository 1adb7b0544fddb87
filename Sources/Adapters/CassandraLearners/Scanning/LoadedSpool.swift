import BlockingWork
import SealedSpool

/// A spool that is filled when it is first read.
final class LoadedSpool: Sendable {
    private let spool: Spool
    private let load: @Sendable (Spool) async throws -> Void
    private let loading = SharedTask()

    init(_ spool: Spool, _ load: @escaping @Sendable (Spool) async throws -> Void) {
        self.spool = spool
        self.load = load
    }

    /// The spool with everything in it; all who ask meanwhile wait for the same.
    func loaded() async throws -> Spool {
        try await loading.run { [spool, load] in try await load(spool) }
        return spool
    }
}
