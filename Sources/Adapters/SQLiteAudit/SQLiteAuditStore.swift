import BlockingWork
public import ReportModel
import SQLiteAccess

/// The audit log and the sessions in `audit.db`, which several processes may share. A write is on the disk when its method
/// returns; those that arrive together share one wait for the disk.
public final class SQLiteAuditStore: Sendable {
    let readers: ConnectionQueue
    private let writers: ConnectionQueue
    private let writing: GroupCommit
    let clock: @Sendable () -> Timestamp

    /// Opens the file at `path`, makes it if it is not there, and brings an older one to the latest schema. Entries younger
    /// than `keepDays` cannot be removed from then on, by whatever program.
    /// Throws `newerVersion`, `dataDamaged`, `storageFailed` or `unavailable`.
    public static func open(
        path: String, keepDays: Int, clock: @escaping @Sendable () -> Timestamp
    ) async throws -> SQLiteAuditStore {
        let options = DatabaseOptions(journal: .writeAhead, durability: .full)
        let writers = try await ConnectionQueue.open(path: path, options: options) { database in
            try AuditSchema.schema.migrate(database)
            try database.with("UPDATE audit_rule SET keep_days = ?1 WHERE keep_days <> ?1") { statement in
                try statement.bind(1, keepDays)
                try statement.run()
            }
        }
        do {
            let readers = try await ConnectionQueue.open(path: path, options: options)
            return SQLiteAuditStore(readers: readers, writers: writers, clock: clock)
        } catch {
            await writers.close()
            throw error
        }
    }

    private init(readers: ConnectionQueue, writers: ConnectionQueue, clock: @escaping @Sendable () -> Timestamp) {
        self.readers = readers
        self.writers = writers
        self.clock = clock
        writing = GroupCommit(writers, name: "audit store")
    }

    /// Waits for what is under way and lets the file go. Calls after it throw `unavailable`.
    public func close() async {
        await writers.close()
        await readers.close()
    }

    /// Reads all of the file. Throws `dataDamaged` if it is not as SQLite wrote it.
    public func check() async throws {
        try await readers.run { database in
            let found = try database.with("PRAGMA quick_check(1)") { try $0.step() ? $0.text(0) : nil }
            guard found == "ok" else {
                throw ExhaustError(
                    .dataDamaged, "audit store \(database.path): its content is damaged",
                    remedy: "Put audit.db back from a backup, or move it away: the next start makes an empty one.",
                    mender: .operator)
            }
        }
    }

    func write<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await writing.write(body)
    }
}
