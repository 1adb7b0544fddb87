import CSQLite
import Glibc
public import ReportModel

/// One connection to a SQLite file. Used by one thread at a time (it is opened without SQLite's own locks), which
/// `ConnectionQueue` sees to; it is not Sendable so that the compiler does too.
public final class Database {
    private let handle: DatabaseHandle
    private var statements: [String: Statement] = [:]
    private let statementLimit: Int

    /// The file's path.
    public var path: String { handle.path }

    /// Opens the file at `path`, or a database in memory for `:memory:`. Blocks.
    /// Throws `storageFailed` if it cannot be opened, `dataDamaged` if it is no database, `unavailable` if it is locked.
    public init(path: String, options: DatabaseOptions = DatabaseOptions()) throws(ExhaustError) {
        handle = try DatabaseHandle(path: path, access: options.access)
        statementLimit = options.statementLimit
        try handle.check(sqlite3_busy_timeout(handle.pointer, Int32(clamping: options.busyMilliseconds)))
        try execute("PRAGMA cache_size=-\(max(1, options.cacheBytes / 1024))")
        try execute("PRAGMA mmap_size=\(options.mappedBytes)")
        try execute("PRAGMA foreign_keys=ON")
        // Sorting never spills a learner's data to a temporary file in the clear.
        try execute("PRAGMA temp_store=MEMORY")
        guard options.access == .create || options.access == .write else {
            // Nothing is read until here: a file that is no database shows itself now, not at the first page.
            _ = try integer("PRAGMA schema_version")
            return
        }
        try setJournal(options.journal)
        try execute("PRAGMA synchronous=\(options.durability.rawValue)")
    }

    /// Runs one or more statements that give no rows.
    public func execute(_ sql: String) throws(ExhaustError) {
        try handle.check(sqlite3_exec(handle.pointer, sql, nil, nil, nil))
    }

    /// A new statement, for a caller that keeps it.
    public func prepare(_ sql: String) throws(ExhaustError) -> Statement {
        try Statement(handle: handle, sql: sql)
    }

    /// Lends the statement of that text, ready to be bound; it is prepared once and reset when `body` ends.
    public func with<Result>(_ sql: String, _ body: (Statement) throws -> Result) throws -> Result {
        let statement = try lend(sql)
        defer { statement.reset() }
        return try body(statement)
    }

    /// The first column of the first row as a whole number; nil without a row or if it is NULL.
    public func integer(_ sql: String) throws(ExhaustError) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() && !statement.isNull(0) ? statement.integer(0) : nil
    }

    /// The first column of the first row as text; nil without a row or if it is NULL.
    public func text(_ sql: String) throws(ExhaustError) -> String? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.text(0) : nil
    }

    /// Rows that the last statement inserted, changed or deleted.
    public var changes: Int { Int(sqlite3_changes64(handle.pointer)) }

    /// The key of the row that was inserted last.
    public var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle.pointer) }

    /// Whether a transaction is under way.
    public var isInTransaction: Bool { sqlite3_get_autocommit(handle.pointer) == 0 }

    private func lend(_ sql: String) throws(ExhaustError) -> Statement {
        if let kept = statements[sql], !kept.isUnderWay { return kept }
        let statement = try prepare(sql)
        if statements.count < statementLimit, statements[sql] == nil { statements[sql] = statement }
        return statement
    }

    /// Changing to the write-ahead log needs the file alone for a moment, and SQLite does not always wait for it.
    private func setJournal(_ journal: DatabaseOptions.Journal) throws(ExhaustError) {
        guard journal != .asStored else { return }
        let attempts = 50
        for attempt in 1...attempts {
            do {
                if try text("PRAGMA journal_mode")?.uppercased() == journal.rawValue { return }
                _ = try text("PRAGMA journal_mode=\(journal.rawValue)")
                return
            } catch {
                guard attempt < attempts, error.sqliteFailure?.isBusy == true else { throw error }
                usleep(20_000)
            }
        }
    }
}
