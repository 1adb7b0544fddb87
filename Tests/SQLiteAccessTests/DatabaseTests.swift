import Glibc
import ReportModel
import ReportTesting
import SQLiteAccess
import Testing

@Suite struct DatabaseTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test func `values come back as they were bound, empty ones apart from missing ones`() throws {
        let database = try Database(path: ":memory:")
        try database.execute("CREATE TABLE t (i INTEGER, d REAL, t TEXT, e TEXT, n TEXT, b BLOB, z BLOB)")
        try database.with("INSERT INTO t VALUES (?,?,?,?,?,?,?)") { statement in
            try statement.bind(1, Int64.min)
            try statement.bind(2, 0.1)
            try statement.bind(3, "żółć 'and' \"quotes\"")
            try statement.bind(4, "")
            try statement.bindNull(5)
            try statement.bind(6, blob: [0, 255, 0])
            try statement.bind(7, blob: [])
            try statement.run()
        }
        try database.with("SELECT * FROM t") { statement in
            try statement.step()
            #expect(statement.integer(0) == .min)
            #expect(statement.double(1) == 0.1)
            #expect(statement.text(2) == "żółć 'and' \"quotes\"")
            #expect(statement.text(3) == "" && !statement.isNull(3))
            #expect(statement.text(4) == nil && statement.isNull(4))
            #expect(statement.blob(5) == [0, 255, 0])
            #expect(statement.blob(6) == [] && !statement.isNull(6))
            let hasMore = try statement.step()
            #expect(!hasMore)
        }
    }

    @Test func `bytes are bound and read without a detour over text`() throws {
        let database = try Database(path: ":memory:")
        try database.execute("CREATE TABLE t (a TEXT, b TEXT)")
        let value = Array("id-1".utf8)
        try value.withUnsafeBytes { bytes in
            try database.with("INSERT INTO t VALUES (?,?)") {
                try $0.bind(1, text: bytes)
                try $0.bind(2, unownedText: UnsafeRawBufferPointer(rebasing: bytes[..<0]))
                try $0.run()
            }
        }
        try database.with("SELECT a, b FROM t") { statement in
            try statement.step()
            #expect(statement.bytes(0).map(Array.init) == value)
            #expect(statement.bytes(1)?.count == 0)
        }
    }

    @Test func `a statement is prepared once, and twice where it is used inside itself`() throws {
        let database = try Database(path: ":memory:")
        try database.execute("CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1),(2)")
        var first: Statement?
        try database.with("SELECT i FROM t ORDER BY i") { outer in
            first = outer
            try outer.step()
            try database.with("SELECT i FROM t ORDER BY i") { inner in
                #expect(inner !== outer)
                try inner.step()
                #expect(inner.integer(0) == 1)
            }
            try outer.step()
            #expect(outer.integer(0) == 2)
        }
        try database.with("SELECT i FROM t ORDER BY i") { #expect($0 === first) }
    }

    @Test func `a failed transaction leaves nothing behind`() throws {
        let database = try Database(path: folder.file("a.db"))
        try database.execute("CREATE TABLE t (i INTEGER PRIMARY KEY)")
        let error = failure {
            try database.transaction {
                try database.execute("INSERT INTO t VALUES (1)")
                try database.execute("INSERT INTO t VALUES (1)")
            }
        }
        #expect(error?.code == .conflict)
        #expect(error?.sqliteFailure?.isConstraint == true)
        #expect(try database.integer("SELECT count(*) FROM t") == 0)
        #expect(!database.isInTransaction)
    }

    @Test func `a new file is readable by its owner alone, its journals too`() throws {
        umask(0)
        let path = folder.file("a.db")
        let database = try Database(path: path)
        try database.execute("CREATE TABLE t (i INTEGER)")
        for name in [path, path + "-wal", path + "-shm"] {
            var status = stat()
            #expect(stat(name, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600, "\(name)")
        }
    }

    @Test func `a lock that is held is unavailable, not a failure of storage`() throws {
        let path = folder.file("a.db")
        let holder = try Database(path: path)
        try holder.execute("CREATE TABLE t (i INTEGER); BEGIN IMMEDIATE")
        let other = try Database(path: path, options: DatabaseOptions(busyMilliseconds: 1))
        let error = failure { try other.transaction { try other.execute("INSERT INTO t VALUES (1)") } }
        #expect(error?.code == .unavailable)
        #expect(error?.sqliteFailure?.isBusy == true)
    }

    @Test func `a full store says so and keeps what it had`() throws {
        let database = try Database(path: folder.file("a.db"))
        try database.execute("CREATE TABLE t (b BLOB); PRAGMA max_page_count=8")
        let error = failure {
            try database.transaction { try database.execute("INSERT INTO t VALUES (zeroblob(1000000))") }
        }
        #expect(error?.code == .storageFailed)
        #expect(error?.message.contains("full") == true)
        #expect(try database.integer("SELECT count(*) FROM t") == 0)
    }

    @Test(arguments: [DatabaseOptions.Access.read, .immutable, .write])
    func `a missing file is named`(access: DatabaseOptions.Access) {
        let path = folder.file("none.db")
        let error = failure { _ = try Database(path: path, options: DatabaseOptions(access: access)) }
        #expect(error?.code == .storageFailed)
        #expect(error?.message.contains(path) == true)
    }

    @Test(arguments: [DatabaseOptions.Access.read, .immutable, .create])
    func `a file that is no database is refused when it is opened`(access: DatabaseOptions.Access) throws {
        try folder.write(Array(repeating: 65, count: 5000), to: "text.db")
        let error = failure {
            _ = try Database(path: folder.file("text.db"), options: DatabaseOptions(access: access))
        }
        #expect(error?.code == .dataDamaged)
    }

    @Test func `a damaged file is told from a missing one`() throws {
        let path = folder.file("a.db")
        do {
            let database = try Database(path: path, options: DatabaseOptions(journal: .rollback))
            try database.execute("CREATE TABLE t (s TEXT); INSERT INTO t VALUES (printf('%.*c', 20000, 'x'))")
        }
        let descriptor = open(path, O_WRONLY)
        let junk = [UInt8](repeating: 0xA5, count: 2000)
        #expect(pwrite(descriptor, junk, junk.count, 4096) == junk.count)
        close(descriptor)
        let database = try Database(path: path, options: DatabaseOptions(access: .read))
        #expect(failure { _ = try database.text("SELECT s FROM t") }?.code == .dataDamaged)
    }

    @Test func `a read-only connection cannot write`() throws {
        let path = folder.file("a.db")
        try Database(path: path).execute("CREATE TABLE t (i INTEGER)")
        let reader = try Database(path: path, options: DatabaseOptions(access: .read))
        #expect(failure { try reader.execute("INSERT INTO t VALUES (1)") }?.code == .storageFailed)
    }

    @Test(arguments: ["a b#c?d%e.db", "żółć.db", "%41.db"])
    func `names with characters of an address are plain names`(name: String) throws {
        try Database(path: folder.file(name), options: DatabaseOptions(journal: .rollback))
            .execute("CREATE TABLE t (i INTEGER)")
        let doubled = "/" + folder.file(name)
        let reader = try Database(path: doubled, options: DatabaseOptions(access: .immutable))
        #expect(try reader.integer("SELECT count(*) FROM t") == 0)
        #expect(access(folder.file(name), F_OK) == 0)
    }
}
