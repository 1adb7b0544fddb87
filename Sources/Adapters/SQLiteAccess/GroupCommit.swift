public import BlockingWork
import ReportModel
import Synchronization

/// Writes of many callers, several in one transaction: forcing data to the disk is what a write costs, so those that
/// arrive while it happens share the next time. Each is all or nothing for itself, and nobody hears of a success before
/// it is on the disk. A write that has been asked for is done even if its task is cancelled meanwhile: a worker that is
/// told to stop must still be able to give its requests back.
public final class GroupCommit: Sendable {
    /// How much is taken together, and how much may wait.
    public struct Limits: Sendable, Hashable {
        /// Writes that share one transaction, and so one wait for the disk.
        public var writesPerTransaction: Int
        /// Writes that may wait; one more is refused with `unavailable`.
        public var waiting: Int

        /// Limits; 64 and 4,096 writes.
        public init(writesPerTransaction: Int = 64, waiting: Int = 4_096) {
            self.writesPerTransaction = writesPerTransaction
            self.waiting = waiting
        }
    }

    private struct Write: Sendable {
        /// Does it, and answers how to tell the caller.
        let body: @Sendable (Database) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Write] = []
        var isDraining = false
    }

    private let state = Mutex(State())
    private let connections: ConnectionQueue
    private let limits: Limits
    private let name: String

    /// `connections` has one thread; `name` is for messages.
    public init(_ connections: ConnectionQueue, name: String, limits: Limits = .init()) {
        self.connections = connections
        self.name = name
        self.limits = limits
    }

    /// Does `body` in a transaction. Throws what it throws, then without a trace, and `unavailable` if too much waits.
    public func write<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result
    {
        try await withCheckedThrowingContinuation { continuation in
            let write = Write(
                body: { database in
                    let result = try body(database)
                    return { continuation.resume(returning: result) }
                },
                fail: { continuation.resume(throwing: $0) })
            add(write)
        }
    }

    private func add(_ write: Write) {
        let (isFull, begins) = state.withLock { state in
            if state.waiting.count >= limits.waiting { return (true, false) }
            state.waiting.append(write)
            defer { state.isDraining = true }
            return (false, !state.isDraining)
        }
        if isFull {
            write.fail(
                ExhaustError(
                    .unavailable, "\(name): \(limits.waiting) writes wait already", remedy: "Try again in a moment.",
                    mender: .operator))
        } else if begins {
            // Not a child of the caller's task: it serves others too, and must not end with the caller. Everybody that
            // it serves awaits it by a continuation.
            Task { await drain() }
        }
    }

    private func drain() async {
        while true {
            let writes = state.withLock { state in
                let taken = Array(state.waiting.prefix(limits.writesPerTransaction))
                state.waiting.removeFirst(taken.count)
                if taken.isEmpty { state.isDraining = false }
                return taken
            }
            if writes.isEmpty { return }
            do {
                let tell = try await connections.run { database in Self.transaction(writes, database) }
                for tellCaller in tell { tellCaller() }
            } catch {
                for write in writes { write.fail(error) }
            }
        }
    }

    /// Does the writes in one transaction and answers how to tell each caller what became of its own.
    private static func transaction(_ writes: [Write], _ database: Database) -> [@Sendable () -> Void] {
        do {
            return try database.transaction {
                var tell: [@Sendable () -> Void] = []
                for write in writes { tell.append(try savepoint(write, database)) }
                return tell
            }
        } catch {
            return writes.map { write in { write.fail(error) } }
        }
    }

    /// One write, undone alone if it throws. Throws itself only if the whole transaction is lost.
    private static func savepoint(_ write: Write, _ database: Database) throws -> @Sendable () -> Void {
        try database.with("SAVEPOINT one_write") { try $0.run() }
        do {
            let tell = try write.body(database)
            try database.with("RELEASE one_write") { try $0.run() }
            return tell
        } catch {
            // A full disk, for one, ends the whole transaction at once.
            guard database.isInTransaction else { throw error }
            try database.with("ROLLBACK TO one_write") { try $0.run() }
            try database.with("RELEASE one_write") { try $0.run() }
            return { write.fail(error) }
        }
    }
}
