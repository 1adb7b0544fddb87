import BlockingWork
import ReportModel
public import ReportPorts

/// A few connections to one server, made when they are needed and made anew when they break.
public final class RedisClient: Sendable {
    /// A thread's connection, if it has one.
    private final class Slot {
        var connection: RedisConnection?
    }

    let options: RedisOptions
    private let pool: BlockingPool<Slot>
    let clock: any ServiceClock

    /// Starts the threads; nothing is asked yet.
    public init(_ options: RedisOptions, clock: any ServiceClock) async throws {
        self.options = options
        self.clock = clock
        pool = try await BlockingPool(name: options.name, limits: .init(threads: max(1, options.connections))) {
            Slot()
        }
    }

    /// Ends the threads and connections.
    public func close() async { await pool.close() }

    /// Throws unless the server is there, lets us in, and has the database of the user cache.
    public func check() async throws {
        try await pool.run { [options] slot in
            slot.connection = nil
            let connection = try RedisConnection(options)
            try connection.select(options.userDatabase)
            try connection.ping()
            slot.connection = connection
        }
    }

    /// Does `body`, which only reads, with a connection whose database is `database`; again, with a new connection, where
    /// the old one breaks.
    func reading<Result: Sendable>(
        _ database: Int, _ body: @escaping @Sendable (RedisConnection) throws -> Result
    ) async throws -> Result {
        var attempt = 1
        let begun = clock.now()
        while true {
            do {
                return try await pool.run { [options] slot in
                    // Let go of at once: after an error nobody knows what is still under way.
                    let connection = try slot.connection ?? RedisConnection(options)
                    slot.connection = nil
                    try connection.select(database)
                    let result = try body(connection)
                    slot.connection = connection
                    return result
                }
            } catch let error as ExhaustError where error.code == .unavailable {
                let isTried = attempt >= options.attempts
                guard !isTried || clock.now().seconds(since: begun) < options.retrySeconds else { throw error }
                // The first failure may be a connection that the server had closed long ago.
                try await clock.sleep(seconds: attempt == 1 ? 0 : 0.25 * Double(1 << min(attempt, 3)))
                attempt += 1
            }
        }
    }
}
