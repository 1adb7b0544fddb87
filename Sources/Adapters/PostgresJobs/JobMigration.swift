import Glibc
public import PostgresAccess
import ReportModel

/// Brings a database to what the job store needs, and says how it stands.
public struct JobMigration: Sendable {
    /// What was done or could not be.
    public struct Report: Sendable, Hashable {
        /// Whether `job_request` was made, since there was none.
        public var madeRequests = false
        /// Versions of our tables before and now.
        public var versions: (before: Int, now: Int) { (before, now) }
        var before = 0
        var now = 0
        /// Indexes and triggers that were made.
        public var made: [String] = []
        /// What this user may not make: name, what is lost without it, and the SQL for the owner of the table.
        public var refused: [Extra] = []
    }

    /// An index or trigger on `job_request`, which belongs to somebody else.
    public struct Extra: Sendable, Hashable {
        /// What it is.
        public var name: String
        /// What is lost without it.
        public var loss: String
        /// The statements that make it.
        public var sql: String
    }

    private let options: PostgresOptions
    private let tables: JobTables
    private let waitSeconds: Double

    /// How long another program that is at the same is waited for, in seconds: indexes on large tables take their time.
    public static let waitSeconds = 3_600.0
    private static let waitMilliseconds: Int32 = 100
    /// How often a lock on the table of requests is tried for, each time as long as `PostgresOptions.lockSeconds`: while one
    /// waits for it, other programs wait behind.
    private static let lockTries = 5

    /// For the database of `options`.
    public init(_ options: PostgresOptions, tables: JobTables, waitSeconds: Double = Self.waitSeconds) {
        self.options = options
        self.tables = tables
        self.waitSeconds = waitSeconds
    }

    /// Makes what is missing; several programs may do so at once, and do it one after the other. Columns of `job_request` are
    /// never touched. Throws what `PostgresSchema.migrate` throws, `dataDamaged` if `job_request` lacks a column, and
    /// `unavailable` if others keep it locked.
    public func run() async throws -> Report {
        var single = options
        single.connections = 1
        let pool = try await PostgresPool(name: "PostgreSQL", options: single)
        do {
            let report = try await pool.run { connection in
                // Making an index takes as long as it takes.
                try connection.script("SET statement_timeout = 0")
                return try alone(connection) { try make(connection) }
            }
            await pool.close()
            return report
        } catch {
            await pool.close()
            throw error
        }
    }

    /// Does `body` while no other program migrates these tables. It is asked again and again for the lock: an index cannot be
    /// made while another session waits for a lock inside a statement.
    private func alone<Result>(_ connection: PostgresConnection, _ body: () throws -> Result) throws
        -> Result
    {
        let lock =
            "(\(JobSQL.advisoryClass), hashtext(\(SQLName.constant(tables.version)) || ' extras'))"
        let clock = ContinuousClock()
        let end = clock.now + .seconds(waitSeconds)
        while try !connection.query("SELECT pg_try_advisory_lock\(lock)").bool(0, 0) {
            guard clock.now < end else {
                throw ExhaustError(
                    .unavailable,
                    "\(connection.database): another program has been bringing up the job tables for long",
                    remedy: "Wait for it, or find its session: SELECT * FROM pg_stat_activity.",
                    mender: .operator)
            }
            poll(nil, 0, Self.waitMilliseconds)
        }
        let result = try body()
        try connection.query("SELECT pg_advisory_unlock\(lock)")
        return result
    }

    private func make(_ connection: PostgresConnection) throws -> Report {
        var report = Report()
        let found = try connection.query("SELECT to_regclass($1::text)::text", [.text(tables.request)]).text(0, 0)
        if found == nil {
            try connection.script(tables.creationOfRequests)
            report.madeRequests = true
        }
        _ = try RequestShape(connection, tables)
        report.before = try againWhileLocked { try tables.schemaOfRuns.migrate(connection) }
        report.now = tables.schemaOfRuns.latestVersion
        for extra in JobExtra.all(tables) {
            if try connection.query(extra.check).count > 0 { continue }
            if try make(extra, connection, isNew: report.madeRequests) {
                report.made.append(extra.name)
            } else {
                report.refused.append(Extra(extra))
            }
        }
        return report
    }

    /// False if this user may not. A table that nobody uses yet need not be usable meanwhile.
    private func make(_ extra: JobExtra, _ connection: PostgresConnection, isNew: Bool) throws -> Bool {
        for statement in extra.creation {
            do {
                try make(isNew ? statement.replacing("CONCURRENTLY ", with: "") : statement, connection)
            } catch let error as ExhaustError where error.postgresFailure?.isDenied == true { return false }
        }
        return true
    }

    /// What is made CONCURRENTLY waits for every transaction that is older, and hinders nobody meanwhile.
    private func make(_ statement: String, _ connection: PostgresConnection) throws {
        let hindersNobody = statement.contains("CONCURRENTLY ")
        try connection.script(
            "SET lock_timeout = \(hindersNobody ? 0 : Int(options.lockSeconds * 1000))")
        try againWhileLocked { try connection.script(statement) }
    }

    private func againWhileLocked<Result>(_ body: () throws -> Result) throws -> Result {
        var tries = 1
        while true {
            do {
                return try body()
            } catch let error as ExhaustError {
                guard error.postgresFailure?.sqlState == "55P03", tries < Self.lockTries else {
                    throw error
                }
                tries += 1
            }
        }
    }
}

extension JobMigration.Extra {
    init(_ extra: JobExtra) {
        self.init(name: extra.name, loss: extra.loss, sql: extra.creation.joined(separator: ";\n") + ";")
    }
}
