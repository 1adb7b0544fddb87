import BlockingWork
import Glibc
import ReportModel
import Synchronization

/// Connections to one database, each on a thread of its own, made when they are first needed. Work whose connection was
/// lost, or that others were in the way of, is done again until it succeeds or its time is over.
public final class PostgresPool: Sendable {
    /// How the pool stands.
    public struct Figures: Sendable, Hashable {
        /// Connections that are open.
        public var open = 0
        /// Connections that are at work.
        public var busy = 0
        /// How often a connection was made.
        public var connects = 0
        /// How often work was done again.
        public var repeats = 0
    }

    private let threads: BlockingPool<PostgresSlot>
    private let state = PoolState()
    /// How the database is reached.
    public let options: PostgresOptions

    /// Starts the threads; none connects yet. `name` is for messages.
    public init(name: String, options: PostgresOptions) async throws {
        self.options = options
        let state = state
        threads = try await BlockingPool(
            name: name, limits: .init(threads: options.connections, waiting: options.waiting)
        ) { PostgresSlot(options, state) }
    }

    /// Does `body` with one of the connections. It may be done several times, so it must be right to do it again: a
    /// transaction, or a statement that changes nothing the second time. Throws what `body` throws in the end,
    /// `unavailable` if the database is not there, and what `BlockingPool.run` throws. `retrySeconds` is that of the options
    /// unless given.
    public func run<Result: Sendable>(
        retrySeconds: Double? = nil, _ body: @escaping @Sendable (PostgresConnection) throws -> Result
    ) async throws -> Result {
        try await threads.run { try $0.run(retrySeconds: retrySeconds, body) }
    }

    /// How the pool stands now.
    public var figures: Figures { state.figures }

    /// Ends waiting for the database, lets what is under way end, and closes the connections.
    public func close() async {
        state.close()
        await threads.close()
    }
}

/// What the slots of a pool share.
final class PoolState: Sendable {
    private let values = Mutex((figures: PostgresPool.Figures(), isClosed: false))

    var figures: PostgresPool.Figures { values.withLock { $0.figures } }
    var isClosed: Bool { values.withLock { $0.isClosed } }

    func close() { values.withLock { $0.isClosed = true } }

    func count(_ change: (inout PostgresPool.Figures) -> Void) { values.withLock { change(&$0.figures) } }
}

/// A place for one connection; only for its thread.
final class PostgresSlot {
    /// How often others may be in the way of one piece of work.
    static let contentionLimit = 20

    private let options: PostgresOptions
    private let state: PoolState
    private var connection: PostgresConnection?

    init(_ options: PostgresOptions, _ state: PoolState) {
        self.options = options
        self.state = state
    }

    deinit { drop() }

    func run<Result>(retrySeconds: Double?, _ body: (PostgresConnection) throws -> Result) throws -> Result {
        state.count { $0.busy += 1 }
        defer { state.count { $0.busy -= 1 } }
        var waits = BackOff(seconds: retrySeconds ?? options.retrySeconds)
        var contentions = 0
        while true {
            do {
                return try body(try usable())
            } catch let error as ExhaustError {
                guard let failure = error.postgresFailure else { throw error }
                if failure.isConnectionLost {
                    drop()
                    guard !state.isClosed, waits.waitOnce(until: { state.isClosed }) else { throw error }
                } else if failure.isContention, contentions < Self.contentionLimit {
                    contentions += 1
                } else {
                    throw error
                }
                state.count { $0.repeats += 1 }
            }
        }
    }

    private func usable() throws(ExhaustError) -> PostgresConnection {
        if let connection, connection.isUsable { return connection }
        drop()
        let made = try PostgresConnection(options)
        connection = made
        state.count {
            $0.open += 1
            $0.connects += 1
        }
        return made
    }

    private func drop() {
        guard connection != nil else { return }
        connection = nil
        state.count { $0.open -= 1 }
    }
}

/// Waits that grow, on a thread that may block.
struct BackOff {
    /// The first wait is at once, the next this long at most, and each further one twice that.
    static let firstMilliseconds: Int64 = 50
    static let longestMilliseconds: Int64 = 2_000
    /// How soon it is noticed that there is no use in waiting any more.
    private static let sliceMilliseconds: Int64 = 50

    private let end: Int64
    private var next: Int64 = 0

    /// Waits for so long in all; nil is for ever.
    init(seconds: Double?) { end = seconds.map { PostgresHandle.milliseconds() + Int64($0 * 1000) } ?? .max }

    /// Waits for the next try; false if the time is over, or `isOver` says so meanwhile.
    mutating func waitOnce(until isOver: () -> Bool) -> Bool {
        let now = PostgresHandle.milliseconds()
        // The first time there is nothing to wait for: the connection may have been lost long ago.
        guard next == 0 || now < end else { return false }
        // Spread, so that many workers do not come back together.
        let wait = next == 0 ? 0 : Int64.random(in: next / 2...next)
        next = min(max(Self.firstMilliseconds, next * 2), Self.longestMilliseconds)
        let until = min(end, now + wait)
        while PostgresHandle.milliseconds() < until {
            if isOver() { return false }
            poll(nil, 0, Int32(min(Self.sliceMilliseconds, until - PostgresHandle.milliseconds())))
        }
        return true
    }
}
