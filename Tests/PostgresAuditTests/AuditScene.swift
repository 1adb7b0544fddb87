import Glibc
import PostgresAccess
import PostgresAudit
import ReportModel
import ReportTesting
import ServiceTesting

/// Audit tables in a schema of their own, with their clock in the test's hand.
final class AuditScene: Sendable {
    let clock: ManualClock
    let options: PostgresOptions
    let tables: AuditTables
    private let schema: String
    /// The hands of another program.
    private let other: PostgresPool

    init(clock: ManualClock = ManualClock()) async throws {
        self.clock = clock
        var options = PostgresOptions(connection: try TestService.postgres.address())
        options.connections = 4
        self.options = options
        let schema = "a_\(getpid())_\(String(UInt32.random(in: 0 ... .max), radix: 36))"
        self.schema = schema
        tables = AuditTables(version: "\(schema).exhaust_schema") { "\(schema).\"dev_\($0)\"" }
        options.connections = 1
        other = try await PostgresPool(name: "test", options: options)
        try await other.run { try $0.script("CREATE SCHEMA \(schema)") }
    }

    func migrate() async throws { try await PostgresAuditStore.migrate(options, tables: tables) }

    /// A store, as each machine has one of its own.
    func open(keepDays: Int = 365) async throws -> PostgresAuditStore {
        try await PostgresAuditStore.open(
            options, tables: tables, keepDays: keepDays, clock: { [clock] in clock.now() })
    }

    /// Lets another program at the tables; answers the first cell.
    @discardableResult
    func sql(_ statement: String) async throws -> String? {
        let schema = schema
        return try await other.run { connection in
            try connection.query("SET search_path = \(schema)")
            let rows = try connection.query(statement)
            return rows.count > 0 ? rows.text(0, 0) : nil
        }
    }

    /// Removes everything.
    func end() async throws {
        try await sql("DROP SCHEMA \(schema) CASCADE")
        await other.close()
    }
}
