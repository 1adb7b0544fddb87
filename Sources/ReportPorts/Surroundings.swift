public import ReportModel

/// The time of day. Leases go by the job store's clock, not by this one.
public protocol ServiceClock: Sendable {
    /// Now.
    func now() -> Timestamp

    /// Waits for `seconds`, or until the task is cancelled, which throws `CancellationError`.
    func sleep(seconds: Double) async throws
}

/// Random bytes for keys, salts and nonces.
public protocol Randomness: Sendable {
    /// `count` random bytes. Throws `internalFault` if the system has none.
    func bytes(_ count: Int) throws -> [UInt8]
}

/// Log lines: a level, a fixed event name, and values that hold no personal data.
public protocol EventLog: Sendable {
    /// Writes one line.
    func log(_ level: LogLevel, _ event: String, _ values: [(name: String, value: JSONValue)])
}

/// How much a log line matters.
public enum LogLevel: String, Sendable, Hashable, CaseIterable, Comparable {
    case debug, info, warning, error

    /// By importance.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}
