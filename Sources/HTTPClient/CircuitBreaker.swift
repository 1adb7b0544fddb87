import ReportModel

/// Whether a server that failed again and again is asked: after a number of failures it is left alone for a while, then one
/// request tries whether it is well again.
struct CircuitBreaker: Sendable, Hashable {
    private enum State: Hashable {
        case closed(failures: Int)
        case open(until: Timestamp)
        case trying(since: Timestamp)
    }

    private var state = State.closed(failures: 0)
    private var pause: Double
    private let limits: BreakerLimits

    init(_ limits: BreakerLimits) {
        self.limits = limits
        pause = limits.firstPause
    }

    /// Nil if a request may go out, and counts as the try if one is due; else for how many seconds none may.
    mutating func ask(at now: Timestamp) -> Double? {
        switch state {
        case .closed: return nil
        case .open(let until):
            guard now >= until else { return until.seconds(since: now) }
            state = .trying(since: now)
            return nil
        case .trying(let since):
            // A try that never ended, because its task was cancelled, does not keep the server out for ever.
            guard now.seconds(since: since) < pause else {
                state = .trying(since: now)
                return nil
            }
            return pause - now.seconds(since: since)
        }
    }

    mutating func succeeded() {
        state = .closed(failures: 0)
        pause = limits.firstPause
    }

    mutating func failed(at now: Timestamp) {
        switch state {
        case .closed(let failures) where failures + 1 < limits.failures: state = .closed(failures: failures + 1)
        case .closed: state = .open(until: now.adding(seconds: pause))
        case .trying:
            pause = min(limits.longestPause, pause * 2)
            state = .open(until: now.adding(seconds: pause))
        case .open: break
        }
    }

    var isClosed: Bool { if case .closed = state { true } else { false } }
}

/// When a `BreakingClient` leaves a server alone.
public struct BreakerLimits: Sendable, Hashable {
    /// After so many failures in a row.
    public var failures: Int
    /// For so many seconds; twice as long each time that it still fails.
    public var firstPause: Double
    /// But never longer, in seconds.
    public var longestPause: Double
    /// Servers that are kept in mind.
    public var servers: Int

    /// After 5 failures for 5 s, up to 60 s, 256 servers, unless said otherwise.
    public init(failures: Int = 5, firstPause: Double = 5, longestPause: Double = 60, servers: Int = 256) {
        self.failures = failures
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.servers = servers
    }
}
