/// How often, and after how long, a request is sent again.
public struct RetryPolicy: Sendable, Hashable {
    /// How often it is sent in all.
    public var attempts: Int
    /// The longest wait before the second time, in seconds; it doubles each time.
    public var firstDelay: Double
    /// No wait is longer, in seconds, not even one that the server asks for.
    public var longestDelay: Double

    /// Three times in all, after up to 0.2 s and 0.4 s, unless said otherwise.
    public init(attempts: Int = 3, firstDelay: Double = 0.2, longestDelay: Double = 5) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
    }

    /// Seconds to wait after `attempt` (1 is the first) failed. `random` from 0 to 1 spreads callers over the whole wait,
    /// so that they do not come back together; what the server asked for is the least.
    func delay(after attempt: Int, random: Double, serverAsks: Double?) -> Double {
        let longest = min(longestDelay, firstDelay * Double(1 << min(attempt - 1, 20)))
        return min(longestDelay, max(longest * random, serverAsks ?? 0))
    }
}
