import BlockingWork
import ReportModel
import SQLiteAccess
import Synchronization

/// Connections to one and the same state of the store.
struct StoreConnections: Sendable {
    let queue: ConnectionQueue
    let facts: StoreFacts

    /// Opens the store at `path`. An import can put another file there between two connections, so all must see the
    /// same version of the data; if they do not, all are opened again.
    /// Throws `notFound` if there is no store, `newerVersion`, and `unavailable` if it has to be upgraded first.
    static func open(path: String, limits: LearnerStoreLimits) async throws -> StoreConnections {
        for _ in 0..<max(1, limits.openings) {
            if let connections = try await tryOpening(path, limits) { return connections }
        }
        throw ExhaustError(
            .unavailable, "learner store \(path): it was replaced again and again while it was opened",
            remedy: "Import less often.")
    }

    private static func tryOpening(_ path: String, _ limits: LearnerStoreLimits) async throws -> StoreConnections? {
        guard StoreFile(path: path).exists else {
            throw ExhaustError(
                .notFound, "learner store \(path): there is none", remedy: "Import learner data: exhaust import DIR.",
                mender: .operator)
        }
        // The file changes no more once it is there: an import replaces it.
        let options = DatabaseOptions(access: .immutable, cacheBytes: limits.cacheBytes)
        let seen = SeenFacts()
        let queue = try await ConnectionQueue.open(
            path: path, options: options,
            limits: ConnectionQueue.Limits(threads: limits.connections, waiting: limits.waiting)
        ) { database in
            try Schema.learnerStore.requireLatest(database)
            guard let facts = try StoreFacts(of: database) else {
                throw ExhaustError(
                    .dataDamaged, "learner store \(path): it does not say which data it holds",
                    remedy: "Import the data again.", mender: .operator)
            }
            seen.add(facts)
        }
        if let facts = seen.common { return StoreConnections(queue: queue, facts: facts) }
        await queue.close()
        return nil
    }

    /// What the connections see, each on its own thread.
    private final class SeenFacts: Sendable {
        private let all = Mutex<Set<StoreFacts>>([])
        func add(_ facts: StoreFacts) { all.withLock { _ = $0.insert(facts) } }
        /// What all of them see.
        var common: StoreFacts? { all.withLock { $0.count == 1 ? $0.first : nil } }
    }
}
