import PostgresAccess
import ReportModel
import ServiceTesting
import Testing

@Suite(.needsPostgres) struct PostgresSchemaTests {
    private let name = "s_\(UInt32.random(in: 0 ... .max))"

    private func schema(_ migrations: Int) -> PostgresSchema {
        PostgresSchema(
            name: "test tables", versionTable: SQLName.quoted(name, "version"), component: "test",
            migrations: (1...migrations).map { number in
                PostgresMigration(name: "\(number)", forward: "CREATE TABLE \(name).t\(number) (i integer)")
            })
    }

    @Test func `tables are made step by step, checked, and an older program refuses newer ones`() throws {
        let connection = try PostgresConnection(try postgres())
        try connection.script("CREATE SCHEMA \(name)")
        let error = try #require(throws: ExhaustError.self) { try schema(1).requireLatest(connection) }
        #expect(error.code == .unavailable && error.remedy.contains("exhaust migrate"))
        #expect(try schema(1).migrate(connection) == 0)
        try schema(1).requireLatest(connection)
        #expect(throws: ExhaustError.self) { try schema(2).requireLatest(connection) }
        #expect(try schema(3).migrate(connection) == 1)
        #expect(try schema(3).migrate(connection) == 3)
        for older in [{ try schema(2).requireLatest(connection) }, { _ = try schema(2).migrate(connection) }] {
            let error = try #require(throws: ExhaustError.self) { try older() }
            #expect(error.code == .newerVersion)
        }
        try connection.script("DROP SCHEMA \(name) CASCADE")
    }

    @Test func `several programs can migrate at once, and a step that fails changes nothing`() async throws {
        let pool = try await PostgresPool(name: "test", options: try postgres())
        try await pool.run { try $0.script("CREATE SCHEMA \(name)") }
        let schema = schema(3)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 { group.addTask { _ = try await pool.run { try schema.migrate($0) } } }
            try await group.waitForAll()
        }
        #expect(try await pool.run { try schema.version($0) } == 3)
        let broken = PostgresSchema(
            name: "test tables", versionTable: schema.versionTable, component: "test",
            migrations: schema.migrations + [
                PostgresMigration(name: "4", forward: "CREATE TABLE \(name).t4 (i integer)"),
                PostgresMigration(name: "5", forward: "CREATE NONSENSE"),
            ])
        await #expect(throws: ExhaustError.self) { _ = try await pool.run { try broken.migrate($0) } }
        let made = try await pool.run { try $0.query("SELECT to_regclass('\(name).t4')::text").text(0, 0) }
        let version = try await pool.run { try schema.version($0) }
        #expect(made == nil && version == 3)
        try await pool.run { try $0.script("DROP SCHEMA \(name) CASCADE") }
        await pool.close()
    }
}
