import ReportModel

/// One step of a schema, forward: an older program refuses a newer schema, so there is no way back but a backup.
public struct PostgresMigration: Sendable {
    /// What it does, in a few words.
    public let name: String
    /// The statements.
    public let forward: String

    /// A step; its version is its place in `PostgresSchema.migrations`, counted from 1.
    public init(name: String, forward: String) {
        self.name = name
        self.forward = forward
    }
}

/// Tables of ours in a database that we share, in all their versions. The version is a row of a small table.
public struct PostgresSchema: Sendable {
    /// What the tables are called in messages, such as `job tables`.
    public let name: String
    /// The quoted table that keeps the version.
    public let versionTable: String
    /// The row of it that is of these tables.
    public let component: String
    /// The steps from nothing on.
    public let migrations: [PostgresMigration]

    /// Tables of ours.
    public init(name: String, versionTable: String, component: String, migrations: [PostgresMigration]) {
        self.name = name
        self.versionTable = versionTable
        self.component = component
        self.migrations = migrations
    }

    /// The version that this program writes.
    public var latestVersion: Int { migrations.count }

    /// The version that the database has; 0 without any.
    public func version(_ connection: PostgresConnection) throws -> Int {
        guard try connection.query("SELECT to_regclass($1::text)::text", [.text(versionTable)]).text(0, 0) != nil else {
            return 0
        }
        let rows = try connection.query(
            "SELECT version FROM \(versionTable) WHERE component = $1::text", [.text(component)])
        return rows.count == 0 ? 0 : Int(rows.integer(0, 0) ?? 0)
    }

    /// Throws `unavailable` if the tables have to be brought to the latest version first, `newerVersion` if this program
    /// is too old for them.
    public func requireLatest(_ connection: PostgresConnection) throws {
        let found = try version(connection)
        try refuseNewer(found, connection)
        guard found == latestVersion else {
            let state = found == 0 ? "they are not there" : "they have version \(found) and need \(latestVersion)"
            throw ExhaustError(
                .unavailable, "\(connection.database), \(name): \(state)", remedy: "Run `exhaust migrate`.",
                mender: .operator)
        }
    }

    /// Brings the tables to the latest version in one transaction; several programs may do so at once.
    /// Answers the version that they had.
    @discardableResult
    public func migrate(_ connection: PostgresConnection) throws -> Int {
        try connection.transaction {
            try connection.query("SELECT pg_advisory_xact_lock(hashtext($1::text))", [.text(versionTable)])
            let found = try version(connection)
            try refuseNewer(found, connection)
            if found == latestVersion { return found }
            try connection.query(
                """
                CREATE TABLE IF NOT EXISTS \(versionTable) (
                    component text PRIMARY KEY, version integer NOT NULL, migrated_at timestamptz NOT NULL)
                """)
            for migration in migrations[found...] { try connection.script(migration.forward) }
            try connection.query(
                """
                INSERT INTO \(versionTable) VALUES ($1::text, $2::integer, now())
                ON CONFLICT (component) DO UPDATE SET version = excluded.version, migrated_at = excluded.migrated_at
                """, [.text(component), .integer(Int64(latestVersion))])
            return found
        }
    }

    private func refuseNewer(_ found: Int, _ connection: PostgresConnection) throws {
        guard found > latestVersion else { return }
        throw ExhaustError(
            .newerVersion,
            "\(connection.database), \(name): a newer version wrote them (schema \(found), known \(latestVersion))",
            remedy: "Use that version of exhaust, or restore a backup made before the upgrade.")
    }
}

/// Names of tables in SQL.
public enum SQLName {
    /// `"name"`, whatever is in it.
    public static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    /// `"schema"."name"`.
    public static func quoted(_ schema: String, _ name: String) -> String { "\(quoted(schema)).\(quoted(name))" }

    /// `'text'`, as a constant; for statements that take no parameters.
    public static func constant(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}
