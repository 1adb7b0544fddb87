import CassandraAccess
import ReportModel
import ServiceTesting
import Testing

@Suite(.serialized, .enabled(if: ClusterScene.service.isToBeTested, Comment(rawValue: ClusterScene.service.reason)))
struct CassandraSessionTests {
    @Test func `cells of every kind come back as they were written`() async throws {
        let scene = try await ClusterScene(keyspace: "access_cells")
        try await scene.run("CREATE TYPE access_cells.pair (name text, number double)")
        try await scene.run(
            """
            CREATE TABLE access_cells.cells (id text PRIMARY KEY, counts map<text,int>, pairs list<frozen<pair>>,
            maps list<frozen<map<text,text>>>, at timestamp, flag boolean, score double, number int, nothing text)
            """)
        try await scene.run(
            """
            INSERT INTO access_cells.cells (id, counts, pairs, maps, at, flag, score, number) VALUES ('ü', {'a': 1, 'b': 2},
            [{name: 'x', number: 1.5}, {name: 'y'}], [{'k': 'v'}, {}], 1600000000123, true, 0.25, -7)
            """)
        let rows: [Bool] = try await scene.rows(
            "SELECT id, counts, pairs, maps, at, flag, score, number, nothing FROM access_cells.cells"
        ) { row in
            #expect(text(row.bytes(0)) == "ü")
            var counts = row.elements(1, perEntry: 2)
            #expect(counts.remaining == 4)
            #expect(text(counts.next()) == "a" && counts.next().flatMap(CQLNumber.int) == 1)
            #expect(text(counts.next()) == "b" && counts.next().flatMap(CQLNumber.int) == 2)
            #expect(counts.isAtEnd && counts.next() == nil)
            var pairs = row.elements(2)
            var names: [String?] = []
            var numbers: [Double?] = []
            while !pairs.isAtEnd {
                guard let pair = pairs.next() else { continue }
                var fields = CQLElements(fields: pair, count: 2)
                names.append(text(fields.next()))
                numbers.append(fields.next().flatMap(CQLNumber.double))
            }
            #expect(names == ["x", "y"] && numbers == [1.5, nil])
            var maps = row.elements(3)
            var first = maps.next().map { CQLElements(nested: $0, perEntry: 2) }
            #expect(text(first?.next()) == "k" && text(first?.next()) == "v" && first?.isAtEnd == true)
            #expect(maps.next().map { CQLElements(nested: $0).isAtEnd } == true && maps.isAtEnd)
            #expect(row.bytes(4).flatMap(CQLNumber.bigint) == 1_600_000_000_123)
            #expect(row.bytes(5).flatMap(CQLNumber.boolean) == true)
            #expect(row.bytes(6).flatMap(CQLNumber.double) == 0.25)
            #expect(row.bytes(7).flatMap(CQLNumber.int) == -7)
            #expect(row.bytes(8) == nil && row.elements(8).isAtEnd)
            return true
        }
        #expect(rows.count == 1)
        try await scene.end()
    }

    @Test func `a query is read in pages of the size asked for, and takes texts, lists and numbers`() async throws {
        let scene = try await ClusterScene(keyspace: "access_pages")
        try await scene.run("CREATE TABLE access_pages.rows (part text, id text, PRIMARY KEY (part, id))")
        for number in 10..<35 {
            try await scene.run("INSERT INTO access_pages.rows (part, id) VALUES ('p', 'r\(number)')")
        }
        let query = try await scene.session.prepare("SELECT id FROM access_pages.rows WHERE part = ?", "prepare")
        var pages = try scene.session.pages(of: query, [.text(Array("p".utf8))], pageRows: 10, "read")
        var counts: [Int] = []
        var ids: [String] = []
        while let page = try await pages.next() {
            counts.append(page.count)
            page.forEachRow { ids.append(text($0.bytes(0)) ?? "") }
        }
        #expect(Array(counts.prefix(2)) == [10, 10] && counts.reduce(0, +) == 25)
        #expect(ids == (10..<35).map { "r\($0)" })
        let some = try await scene.rows(
            "SELECT id FROM access_pages.rows WHERE part = 'p' AND id IN ?",
            [.texts(["r10", "r34", "none", ""].map { Array($0.utf8) })]
        ) { text($0.bytes(0)) }
        #expect(some == ["r10", "r34"])
        let all = try await scene.rows(
            "SELECT id FROM access_pages.rows WHERE token(part) >= ?", [.number(.min)]
        ) { text($0.bytes(0)) }
        #expect(all.count == 25)
        try await scene.end()
    }

    @Test func `pages of long rows have fewer of them`() async throws {
        let scene = try await ClusterScene(keyspace: "access_long")
        try await scene.run("CREATE TABLE access_long.rows (part text, id text, text text, PRIMARY KEY (part, id))")
        let insert = try await scene.session.prepare(
            "INSERT INTO access_long.rows (part, id, text) VALUES ('p', ?, ?)", "prepare")
        let long = [UInt8](repeating: 120, count: 300_000)
        for number in 10..<40 {
            var pages = try scene.session.pages(
                of: insert, [.text(Array("r\(number)".utf8)), .text(long)], pageRows: 1, "write")
            while try await pages.next() != nil {}
        }
        let query = try await scene.session.prepare("SELECT id, text FROM access_long.rows", "prepare")
        var pages = try scene.session.pages(of: query, [], pageRows: 5_000, firstPageRows: 2, "read")
        var counts: [Int] = []
        while let page = try await pages.next() { counts.append(page.count) }
        #expect(counts.reduce(0, +) == 30 && counts[0] == 2)
        // The next page is asked for while the first one is looked at, so that three rows are a megabyte from then on.
        #expect(counts.dropFirst().allSatisfy { $0 <= 3 }, "\(counts)")
        try await scene.end()
    }

    @Test func `many reads at once keep to the limit and all arrive`() async throws {
        var options = try ClusterScene.options()
        options.requestsInFlight = 3
        let driver = try ClusterScene.openDriver()
        let session = try await CassandraSession.connect(driver, options)
        let query = try await session.prepare("SELECT key FROM system.local", "prepare")
        let counts = try await withThrowingTaskGroup(of: Int.self, returning: Int.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    var pages = try session.pages(of: query, [], pageRows: 10, "read")
                    var count = 0
                    while let page = try await pages.next() { count += page.count }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(counts == 200)
        await session.close()
    }

    @Test func `what the server refuses is told without the query`() async throws {
        let scene = try await ClusterScene(keyspace: "access_refused")
        let error = await #expect(throws: ExhaustError.self) {
            _ = try await scene.session.prepare("SELECT secret FROM access_refused.missing", "read enrolments")
        }
        #expect(
            error?.message == "Cassandra: cannot read enrolments: the server does not take the query (0x02002200)")
        #expect(error?.canPass == false)
        try await scene.end()
    }

    @Test func `a port where nobody listens is told at once, and can pass`() async throws {
        var options = CassandraOptions(contactPoints: ["127.0.0.1"])
        options.port = 1
        options.connectSeconds = 1
        let driver = try ClusterScene.openDriver()
        let error = await #expect(throws: ExhaustError.self) {
            _ = try await CassandraSession.connect(driver, options)
        }
        #expect(error?.message == "Cassandra: cannot connect: no node answers (0x0100000A)")
        #expect(error?.canPass == true)
    }
}

@Suite struct CassandraDriverTests {
    @Test func `a missing driver is one message that names each library and the remedy`() {
        let error = #expect(throws: ExhaustError.self) {
            _ = try CassandraDriver(libraries: ["libnone.so.1", "libc.so.6"]) { _, _ in }
        }
        #expect(error?.message.contains("libnone.so.1") == true)
        #expect(error?.message.contains("no function cass_log_set_callback") == true)
        #expect(error?.remedy.contains("cassandra.driver") == true)
    }

    @Test func `waits between attempts grow and end at the cap`() {
        let retry = CassandraRetry()
        #expect(retry.seconds(after: 1, chance: 1) == 0.1)
        #expect(retry.seconds(after: 3, chance: 1) == 0.4)
        #expect(retry.seconds(after: 3, chance: 0) == 0.2)
        #expect(retry.seconds(after: 60, chance: 1) == 5)
    }
}
