import PostgresAccess
import ReportModel
import ServiceTesting
import Synchronization
import Testing

@Suite(.needsPostgres) struct PostgresPoolTests {
    @Test func `work whose session was ended is done again on a new one`() async throws {
        let pool = try await PostgresPool(name: "test", options: try postgres())
        let tries = Atomic(0)
        let answer = try await pool.run { connection in
            if tries.add(1, ordering: .relaxed).newValue == 1 {
                try connection.query("SELECT pg_terminate_backend(pg_backend_pid())")
            }
            return try connection.query("SELECT 7").integer(0, 0)
        }
        #expect(answer == 7 && tries.load(ordering: .relaxed) == 2)
        #expect(pool.figures.connects == 2 && pool.figures.open == 1 && pool.figures.repeats == 1)
        await pool.close()
    }

    @Test func `a transaction that was lost during its commit says that nobody knows`() async throws {
        let (connection, other) = (try PostgresConnection(try postgres()), try PostgresConnection(try postgres()))
        let error = try #require(throws: ExhaustError.self) {
            try connection.transaction {
                let process = try connection.query("SELECT pg_backend_pid()").integer(0, 0) ?? 0
                try other.query("SELECT pg_terminate_backend($1::integer, 5000)", [.integer(process)])
            }
        }
        #expect(error.postgresFailure?.isCommitUnknown == true && error.postgresFailure?.isConnectionLost == true)
    }

    @Test func `transactions that are in each other's way are done again until both succeed`() async throws {
        let pool = try await PostgresPool(name: "test", options: try postgres())
        let name = "contention_\(UInt32.random(in: 0 ... .max))"
        try await pool.run { try $0.script("CREATE TABLE \(name) (i integer); INSERT INTO \(name) VALUES (0)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await pool.run { connection in
                        try connection.transaction("BEGIN ISOLATION LEVEL SERIALIZABLE") {
                            let value = try connection.query("SELECT i FROM \(name)").integer(0, 0) ?? 0
                            try connection.query("UPDATE \(name) SET i = $1::integer", [.integer(value + 1)])
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await pool.run { try $0.query("SELECT i FROM \(name)").integer(0, 0) } == 20)
        try await pool.run { try $0.script("DROP TABLE \(name)") }
        await pool.close()
    }

    @Test func `a server that stays away is given up when the time is over`() async throws {
        var options = PostgresOptions(connection: "host=127.0.0.1 port=1 dbname=x user=y")
        options.retrySeconds = 0.2
        let pool = try await PostgresPool(name: "test", options: options)
        let error = await #expect(throws: ExhaustError.self) { try await pool.run { _ in } }
        #expect(error?.code == .unavailable && pool.figures.repeats > 0 && pool.figures.open == 0)
        await pool.close()
    }

    @Test func `closing ends the wait for a server that stays away`() async throws {
        var options = PostgresOptions(connection: "host=127.0.0.1 port=1 dbname=x user=y")
        options.retrySeconds = 3_600
        let pool = try await PostgresPool(name: "test", options: options)
        let waiting = Task { try await pool.run { _ in } }
        while pool.figures.repeats == 0 { await Task.yield() }
        await pool.close()
        let error = await #expect(throws: ExhaustError.self) { try await waiting.value }
        #expect(error?.code == .unavailable)
    }

    @Test func `work survives the restart of its server`() async throws {
        let server = try await OwnServer.start(.postgres)
        let pool = try await PostgresPool(name: "test", options: PostgresOptions(connection: server.address))
        try await pool.run { try $0.script("CREATE TABLE t (i integer)") }
        for action in ["down", "kill"] {
            try await server.run(action)
            async let answer = pool.run { try $0.query("SELECT 9").integer(0, 0) }
            let repeats = pool.figures.repeats
            while pool.figures.repeats == repeats { await Task.yield() }
            try await server.start()
            #expect(try await answer == 9)
        }
        await pool.close()
        try await server.end()
    }
}
