public import ReportModel
public import ReportPorts
import Synchronization

/// An audit log in memory, which can be broken.
public final class MemoryAuditLog: AuditLog {
    private struct State {
        var entries: [AuditEntry] = []
        var isBroken = false
    }

    private let state = Mutex(State())
    private let clock: any ServiceClock

    /// An empty log.
    public init(clock: any ServiceClock) { self.clock = clock }

    /// Whether nothing can be written.
    public var isBroken: Bool {
        get { state.withLock { $0.isBroken } }
        set { state.withLock { $0.isBroken = newValue } }
    }

    /// All entries, oldest first.
    public var all: [AuditEntry] { state.withLock { $0.entries } }

    /// As `AuditLog.append`.
    public func append(_ entry: AuditEntry) async throws {
        var entry = entry
        entry.at = clock.now()
        try state.withLock { [entry] state in
            guard !state.isBroken else { throw ExhaustError(.storageFailed, "audit log: the disk is full") }
            state.entries.append(entry)
        }
    }

    /// As `AuditLog.entries`.
    public func entries(_ query: AuditQuery) async throws -> [AuditEntry] {
        let found = all.reversed().filter { entry in
            (query.userID == nil || entry.userID == query.userID)
                && (query.channel == nil || entry.channel == query.channel)
                && (query.requestID == nil || entry.request?.requestID == query.requestID)
                && (query.actions.isEmpty || query.actions.contains(entry.action))
                && (query.since.map { entry.at >= $0 } ?? true)
        }
        return Array(found.prefix(max(0, query.limit)))
    }

    /// As `AuditLog.expire`.
    public func expire(before moment: Timestamp) async throws -> Int {
        state.withLock { state in
            let count = state.entries.count
            state.entries.removeAll { $0.at < moment }
            return count - state.entries.count
        }
    }
}
