import ReportModel
import Synchronization

/// How often something may happen: so many at once, and so many a second in the long run.
public struct RateLimit: Sendable, Hashable {
    /// Per second in the long run; 0 or less is no limit.
    public var perSecond: Double
    /// At once, after a pause; at least 1.
    public var burst: Double

    /// A rate with what may come at once.
    public init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = max(1, burst)
    }
}

/// Token buckets by name, for a bounded number of names; one that is forgotten begins with a full bucket again.
final class TokenBuckets: Sendable {
    /// Names that are remembered at the most.
    static let nameLimit = 100_000

    private struct Bucket {
        var tokens: Double
        var filledAt: Timestamp
    }

    private let limit: RateLimit
    private let buckets: Mutex<GenerationTable<Bucket>>

    init(_ limit: RateLimit, names: Int = TokenBuckets.nameLimit) {
        self.limit = limit
        buckets = Mutex(GenerationTable(names: names))
    }

    /// Takes one token of `name`. Answers nil if there was one, else the seconds after which there will be.
    func take(_ name: String, at now: Timestamp) -> Double? {
        guard limit.perSecond > 0 else { return nil }
        return buckets.withLock { buckets in
            var bucket = buckets[name] ?? Bucket(tokens: limit.burst, filledAt: now)
            // A clock that was set back must not take tokens away.
            let elapsed = max(0, now.seconds(since: bucket.filledAt))
            bucket.tokens = min(limit.burst, bucket.tokens + elapsed * limit.perSecond)
            bucket.filledAt = now
            let isGranted = bucket.tokens >= 1
            if isGranted { bucket.tokens -= 1 }
            buckets[name] = bucket
            return isGranted ? nil : (1 - bucket.tokens) / limit.perSecond
        }
    }

    /// How many names are remembered.
    var count: Int { buckets.withLock { $0.count } }
}
