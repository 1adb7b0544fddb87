import PostgresAccess
import ReportModel
import ServiceTesting
import Testing

extension Trait where Self == ConditionTrait {
    static var needsPostgres: Self {
        .enabled(if: TestService.postgres.isToBeTested, "\(TestService.postgres.reason)")
    }
}

func postgres() throws -> PostgresOptions { PostgresOptions(connection: try TestService.postgres.address()) }

@Suite(.needsPostgres) struct PostgresConnectionTests {
    @Test func `values come back as they were sent`() throws {
        let connection = try PostgresConnection(try postgres())
        let rows = try connection.query(
            "SELECT $1::text, $2::bigint, $3::boolean, $4::bytea, $5::text[]::text, $6::text, $7::bigint[]::text",
            [
                .text("ü '\"\\ 漢"), .integer(-7), .bool(true), .bytes([0, 255, 16]), .texts(["a,b", "\""]), .null,
                .integers([1, -2]),
            ])
        #expect(rows.text(0, 0) == "ü '\"\\ 漢" && rows.integer(0, 1) == -7 && rows.bool(0, 2))
        #expect(rows.bytes(0, 3) == [0, 255, 16] && rows.text(0, 4).map(ArrayText.elements) == ["a,b", "\""])
        #expect(rows.text(0, 5) == nil && rows.text(0, 6) == "{1,-2}")
    }

    @Test func `statements that are sent together are done in order, those that wait first`() throws {
        let connection = try PostgresConnection(try postgres())
        try connection.query("CREATE TEMPORARY TABLE t (i bigint)")
        connection.later("INSERT INTO t VALUES ($1::bigint)", [.integer(1)])
        connection.later("INSERT INTO t VALUES ($1::bigint)", [.integer(2)])
        let rows = try connection.pipeline([
            PostgresStatement("SELECT count(*) FROM t"), PostgresStatement("UPDATE t SET i = i + 1"),
        ])
        #expect(rows[0].integer(0, 0) == 2 && rows[1].written == 2)
    }

    @Test func `an error is told once, and the connection goes on`() throws {
        let connection = try PostgresConnection(try postgres())
        for _ in 0..<3 {
            let error = try #require(throws: ExhaustError.self) {
                try connection.pipeline([
                    PostgresStatement("SELECT 1"), PostgresStatement("SELECT 1 / 0"), PostgresStatement("SELECT 2"),
                ])
            }
            #expect(error.postgresFailure?.sqlState == "22012")
            #expect(try connection.query("SELECT 2").integer(0, 0) == 2)
        }
    }

    @Test func `a statement that was never prepared since one before it failed is prepared the next time`() throws {
        let connection = try PostgresConnection(try postgres())
        #expect(throws: ExhaustError.self) {
            try connection.pipeline([PostgresStatement("SELECT nothing"), PostgresStatement("SELECT 5")])
        }
        #expect(try connection.query("SELECT 5").integer(0, 0) == 5)
        #expect(try connection.query("SELECT 6").integer(0, 0) == 6)
    }

    @Test func `a transaction is all or nothing`() throws {
        let connection = try PostgresConnection(try postgres())
        try connection.query("CREATE TEMPORARY TABLE t (i bigint PRIMARY KEY)")
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.query("INSERT INTO t VALUES (1)")
                connection.later("INSERT INTO t VALUES (2)")
                throw Stop()
            }
        }
        #expect(try connection.query("SELECT count(*) FROM t").integer(0, 0) == 0)
        // The failure of a statement that waited is found at the end.
        #expect(throws: ExhaustError.self) {
            try connection.transaction {
                connection.later("INSERT INTO t VALUES (1)")
                connection.later("INSERT INTO t VALUES (1)")
            }
        }
        #expect(try connection.query("SELECT count(*) FROM t").integer(0, 0) == 0)
        try connection.transaction { connection.later("INSERT INTO t VALUES (1)") }
        #expect(try connection.query("SELECT count(*) FROM t").integer(0, 0) == 1)
    }

    @Test func `a text with a zero character is refused before anything is sent`() throws {
        let connection = try PostgresConnection(try postgres())
        let error = try #require(throws: ExhaustError.self) { try connection.query("SELECT $1::text", [.text("a\0b")]) }
        #expect(error.code == .invalidInput)
        #expect(try connection.query("SELECT 1").integer(0, 0) == 1)
    }

    @Test func `what takes too long is ended, and says so`() throws {
        var options = try postgres()
        options.statementSeconds = 0.05
        let connection = try PostgresConnection(options)
        let error = try #require(throws: ExhaustError.self) { try connection.query("SELECT pg_sleep(20)") }
        #expect(error.code == .unavailable && error.postgresFailure?.sqlState == "57014")
    }

    @Test func `a session that did not answer in time is never used again`() async throws {
        var options = try postgres()
        (options.statementSeconds, options.answerSeconds) = (0.2, 0)
        let connection = try PostgresConnection(options)
        // A server that hangs does not end the statement either.
        try connection.script("SET statement_timeout = 0")
        let clock = ContinuousClock()
        let start = clock.now
        let error = try #require(throws: ExhaustError.self) {
            try connection.transaction {
                try connection.query("SELECT 1")
                try connection.query("SELECT pg_sleep(20)")
            }
        }
        #expect(error.code == .unavailable && error.message.contains("no answer within"))
        #expect(error.postgresFailure?.isConnectionLost == true && !connection.isUsable)
        #expect(clock.now - start < .seconds(10))
        #expect(throws: ExhaustError.self) { try connection.query("SELECT 2") }
    }

    @Test func `a lock of another session is waited for as long as the limit says`() throws {
        var options = try postgres()
        options.lockSeconds = 0.05
        let (holder, other) = (try PostgresConnection(options), try PostgresConnection(options))
        try holder.transaction {
            try holder.query("SELECT pg_advisory_xact_lock(77)")
            let error = try #require(throws: ExhaustError.self) {
                try other.transaction { try other.query("SELECT pg_advisory_xact_lock(77)") }
            }
            #expect(error.code == .unavailable && error.remedy.contains("pg_stat_activity"))
        }
    }

    @Test(arguments: [
        ("host=127.0.0.1 port=1 dbname=x user=y", "database x at 127.0.0.1:1"),
        ("host=/nowhere dbname=x user=y", "database x at /nowhere"),
    ])
    func `a server that is not there is named`(connection: String, name: String) throws {
        let error = try #require(throws: ExhaustError.self) {
            try PostgresConnection(PostgresOptions(connection: connection))
        }
        #expect(error.code == .unavailable && error.message.contains(name), "\(error.message)")
        #expect(error.postgresFailure?.isConnectionLost == true && !error.remedy.isEmpty)
    }

    @Test func `keywords count over the connection string, and the password is in no message`() throws {
        var options = PostgresOptions(
            connection: "host=127.0.0.1 port=1 dbname=x user=y password=geheim", keywords: ["dbname": "z"])
        options.keywords["password"] = "secret"
        let error = try #require(throws: ExhaustError.self) { try PostgresConnection(options) }
        #expect(error.message.contains("database z"))
        #expect(!error.description.contains("geheim") && !error.description.contains("secret"))
    }
}
