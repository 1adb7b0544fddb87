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

/// Token buckets by name, for as many names as the limit says: of more, those that were not used longest are forgotten
/// half a table at a time, which lets them begin with a full bucket again.
final class TokenBuckets: Sendable {
    /// Names that are remembered at the most.
    static let nameLimit = 100_000

    private struct Bucket {
        var tokens: Double
        var filledAt: Timestamp
    }

    private struct Tables {
        var recent: [String: Bucket] = [:]
        var older: [String: Bucket] = [:]
    }

    private let limit: RateLimit
    private let half: Int
    private let tables = Mutex(Tables())

    init(_ limit: RateLimit, names: Int = TokenBuckets.nameLimit) {
        self.limit = limit
        half = max(1, names / 2)
    }

    /// Takes one token of `name`. Answers nil if there was one, else the seconds after which there will be.
    func take(_ name: String, at now: Timestamp) -> Double? {
        guard limit.perSecond > 0 else { return nil }
        return tables.withLock { tables in
            var bucket = tables.recent[name] ?? tables.older[name] ?? Bucket(tokens: limit.burst, filledAt: now)
            // A clock that was set back must not take tokens away.
            let elapsed = max(0, now.seconds(since: bucket.filledAt))
            bucket.tokens = min(limit.burst, bucket.tokens + elapsed * limit.perSecond)
            bucket.filledAt = now
            let isGranted = bucket.tokens >= 1
            if isGranted { bucket.tokens -= 1 }
            tables.recent[name] = bucket
            if tables.recent.count >= half {
                tables.older = tables.recent
                tables.recent = [:]
            }
            return isGranted ? nil : (1 - bucket.tokens) / limit.perSecond
        }
    }

    /// How many names are remembered.
    var count: Int {
        tables.withLock { tables in
            tables.recent.count + tables.older.keys.count { tables.recent[$0] == nil }
        }
    }
}
