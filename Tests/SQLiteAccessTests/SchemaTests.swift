import BlockingWork
import ReportModel
import ReportTesting
import SQLiteAccess
import Testing

@Suite struct SchemaTests {
    let folder: TemporaryFolder
    let schema = Schema(
        name: "test store", applicationID: 77,
        migrations: [
            Migration(name: "a", forward: "CREATE TABLE a (i INTEGER)", back: "DROP TABLE a"),
            Migration(name: "b", forward: "ALTER TABLE a ADD COLUMN j", back: "ALTER TABLE a DROP COLUMN j"),
        ])
    init() throws { folder = try TemporaryFolder() }

    @Test func `an empty file gets all steps, an older one those that it lacks, a current one none`() throws {
        let database = try Database(path: folder.file("a.db"))
        #expect(try schema.migrate(database, to: 1) == 0)
        #expect(failure { try schema.requireLatest(database) }?.code == .unavailable)
        #expect(try schema.migrate(database) == 1)
        #expect(try schema.migrate(database) == 2)
        try schema.requireLatest(database)
        try database.execute("INSERT INTO a (i, j) VALUES (1, 2)")
    }

    @Test func `steps lead back to an empty file`() throws {
        let database = try Database(path: folder.file("a.db"))
        try schema.migrate(database)
        try schema.migrate(database, to: 0)
        #expect(try database.integer("SELECT count(*) FROM sqlite_schema") == 0)
        #expect(try schema.version(of: database) == 0)
    }

    @Test func `a failing step changes nothing`() throws {
        let broken = Schema(
            name: "test store", applicationID: 77,
            migrations: schema.migrations + [Migration(name: "c", forward: "CREATE TABLE a (x)", back: "")])
        let database = try Database(path: folder.file("a.db"))
        #expect(failure { try broken.migrate(database) } != nil)
        #expect(try schema.version(of: database) == 0)
    }

    @Test func `a store from a newer version is left alone`() throws {
        let database = try Database(path: folder.file("a.db"))
        try schema.migrate(database)
        try database.execute("PRAGMA user_version=9")
        let error = failure { try schema.migrate(database) }
        #expect(error?.code == .newerVersion)
        #expect(error?.message.contains("schema 9, known 2") == true)
    }

    @Test func `a database of another program is not taken for ours`() throws {
        let database = try Database(path: folder.file("a.db"))
        try database.execute("CREATE TABLE theirs (i)")
        #expect(failure { try schema.migrate(database) }?.code == .dataDamaged)
    }

    @Test func `several connections may upgrade at once`() async throws {
        let path = folder.file("a.db")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { [schema] in
                    let queue = try await ConnectionQueue.open(path: path) { try schema.migrate($0) }
                    try await queue.run { try $0.execute("INSERT INTO a (i, j) VALUES (1, 2)") }
                    await queue.close()
                }
            }
            try await group.waitForAll()
        }
        #expect(try Database(path: path).integer("SELECT count(*) FROM a") == 8)
    }
}
