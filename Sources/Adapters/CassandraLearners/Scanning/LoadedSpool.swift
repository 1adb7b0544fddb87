import BlockingWork
import SealedSpool

/// A spool that is filled when it is first read.
final class LoadedSpool: Sendable {
    private let spool: Spool
    private let load: @Sendable (Spool) async throws -> Void
    private let loading = SharedTask()

    /// `load` fills the spool once `earlier` is filled: two scans at once would take twice the memory, and each half as fast.
    init(_ spool: Spool, after earlier: LoadedSpool?, _ load: @escaping @Sendable (Spool) async throws -> Void) {
        self.spool = spool
        self.load = { spool in
            _ = try await earlier?.loaded()
            try await load(spool)
        }
    }

    /// The spool with everything in it; all who ask meanwhile wait for the same.
    func loaded() async throws -> Spool {
        try await loading.run { [spool, load] in try await load(spool) }
        return spool
    }
}
