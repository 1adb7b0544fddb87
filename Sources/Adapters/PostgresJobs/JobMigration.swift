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

    /// For the database of `options`.
    public init(_ options: PostgresOptions, tables: JobTables) {
        self.options = options
        self.tables = tables
    }

    /// Makes what is missing; several programs may do so at once. Columns of `job_request` are never touched. Throws what
    /// `PostgresSchema.migrate` throws, and `dataDamaged` if `job_request` lacks a column.
    public func run() async throws -> Report {
        var single = options
        single.connections = 1
        let pool = try await PostgresPool(name: "PostgreSQL", options: single)
        do {
            let report = try await pool.run { [tables] connection in
                // Making an index takes as long as it takes.
                try connection.script("SET statement_timeout = 0")
                return try Self.run(connection, tables)
            }
            await pool.close()
            return report
        } catch {
            await pool.close()
            throw error
        }
    }

    private static func run(_ connection: PostgresConnection, _ tables: JobTables) throws -> Report {
        var report = Report()
        let found = try connection.query("SELECT to_regclass($1::text)::text", [.text(tables.request)]).text(0, 0)
        if found == nil {
            try connection.script(tables.creationOfRequests)
            report.madeRequests = true
        }
        _ = try RequestShape(connection, tables)
        report.before = try tables.schemaOfRuns.migrate(connection)
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
    private static func make(_ extra: JobExtra, _ connection: PostgresConnection, isNew: Bool) throws -> Bool {
        for statement in extra.creation {
            do {
                try connection.script(isNew ? statement.replacing("CONCURRENTLY ", with: "") : statement)
            } catch {
                if error.postgresFailure?.isDenied == true { return false }
                throw error
            }
        }
        return true
    }
}

extension JobMigration.Extra {
    init(_ extra: JobExtra) {
        self.init(name: extra.name, loss: extra.loss, sql: extra.creation.joined(separator: ";\n") + ";")
    }
}
