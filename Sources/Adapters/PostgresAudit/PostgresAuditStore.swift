public import PostgresAccess
public import ReportModel

/// The audit log and the sessions in PostgreSQL, which any number of machines share. A write is durable as the server is
/// when its method returns; what a lost connection leaves open is done again, and never twice.
public final class PostgresAuditStore: Sendable {
    let pool: PostgresPool
    let tables: AuditTables
    private let clock: (@Sendable () -> Timestamp)?

    /// Connects and checks the tables. Entries younger than `keepDays` cannot be removed from then on, by whatever program.
    /// Goes by the server's clock, so that all machines agree, unless `clock` is given. Throws `unavailable` if the database
    /// does not answer or needs `exhaust migrate`, and `newerVersion`.
    public static func open(
        _ options: PostgresOptions, tables: AuditTables, keepDays: Int, clock: (@Sendable () -> Timestamp)? = nil
    ) async throws -> PostgresAuditStore {
        let pool = try await PostgresPool(name: "PostgreSQL", options: options)
        do {
            try await pool.run { connection in
                try tables.schema.requireLatest(connection)
                try connection.query(
                    "UPDATE \(tables.rule) SET keep_days = $1::integer WHERE keep_days <> $1::integer",
                    [.integer(Int64(keepDays))])
            }
            return PostgresAuditStore(pool, tables, clock)
        } catch {
            await pool.close()
            throw error
        }
    }

    /// Makes the tables, or brings them to this version. Throws what `PostgresSchema.migrate` throws.
    public static func migrate(_ options: PostgresOptions, tables: AuditTables) async throws {
        var single = options
        single.connections = 1
        let pool = try await PostgresPool(name: "PostgreSQL", options: single)
        do {
            _ = try await pool.run { try tables.schema.migrate($0) }
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }

    private init(_ pool: PostgresPool, _ tables: AuditTables, _ clock: (@Sendable () -> Timestamp)?) {
        self.pool = pool
        self.tables = tables
        self.clock = clock
    }

    /// Waits for what is under way and closes the connections. Calls after it throw `unavailable`.
    public func close() async { await pool.close() }

    /// Throws `dataDamaged` if one of the tables is not there, `refused` if this user may not use them.
    public func check() async throws {
        let rights = ["SELECT", "INSERT", "DELETE"]
        try await pool.run { [tables] connection in
            for table in [tables.entry, tables.session] {
                let name = PostgresValue.text(table)
                guard try connection.query("SELECT to_regclass($1::text) IS NOT NULL", [name]).bool(0, 0) else {
                    throw ExhaustError(
                        .dataDamaged, "\(connection.database): there is no table \(table)",
                        remedy: "Put it back from a backup of the database.", mender: .operator)
                }
                let missing = try rights.filter { right in
                    try !connection.query(
                        "SELECT has_table_privilege($1::text, $2::text)", [name, .text(right)]
                    ).bool(0, 0)
                }
                guard missing.isEmpty else {
                    throw ExhaustError(
                        .refused,
                        "\(connection.database): this user may not \(missing.joined(separator: ", ")) on \(table)",
                        remedy: "GRANT SELECT, INSERT, DELETE ON \(table) TO the user postgres.user.", mender: .operator
                    )
                }
            }
        }
    }

    /// The value that `now` in a statement takes: null stands for the server's clock.
    var now: PostgresValue { PostgresValue(clock?().milliseconds) }

    /// The present moment in SQL, in milliseconds; the value at `place` is `now`.
    static func moment(_ place: Int) -> String {
        "coalesce($\(place)::bigint, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)"
    }
}
