public import ReportModel

/// The figures that a job store goes by. Every store of a folder or database should be given the same ones.
public struct JobRules: Sendable, Hashable {
    /// Whether and when a failed request is tried again.
    public var retry: RetryRule
    /// So many leases lost one after the other without a new part fail a request as `worker-lost`; 3 (design.md 8).
    public var lostLeasesLimit: Int
    /// How far back the finished batches of a channel count, in seconds; one hour (design.md 8).
    public var throttleWindowSeconds: Double
    /// Limits by which places in line are foretold; workers bring their own with each lease.
    public var throttle: ThrottleLimits

    /// The `job_id`s whose requests are ours: rows of other programs have no place in our line and do not age our queue.
    /// Empty is all.
    public var reports: Set<String>

    /// Rules; the defaults are those of design.md 8.
    public init(
        retry: RetryRule = .init(), lostLeasesLimit: Int = 3, throttleWindowSeconds: Double = 3600,
        throttle: ThrottleLimits = .init(), reports: Set<String> = []
    ) {
        self.retry = retry
        self.lostLeasesLimit = lostLeasesLimit
        self.throttleWindowSeconds = throttleWindowSeconds
        self.throttle = throttle
        self.reports = reports
    }

    /// Whether requests with this `job_id` are ours.
    public func isOurs(_ report: String) -> Bool { reports.isEmpty || reports.contains(report) }
}

/// Whether and when a failed request is tried again by itself.
public struct RetryRule: Sendable, Hashable {
    /// Setting `retry.attempts`: attempts in all, the first one included; 3 (upstream.md 3.5).
    public var attempts: Int
    /// Setting `retry.baseSeconds`: the longest wait after the first failure; it doubles with each further one.
    public var baseSeconds: Double
    /// Setting `retry.capSeconds`: no wait is longer.
    public var capSeconds: Double
    /// Setting `retry.outageSeconds`: for so long after the first lease, or after somebody asked again, failures because
    /// something does not answer cost no attempt; a day. 0 counts them as all others.
    public var outageSeconds: Double

    /// A rule; 3 attempts, 10 seconds, at most 10 minutes, a day for outages.
    public init(
        attempts: Int = 3, baseSeconds: Double = 10, capSeconds: Double = 600, outageSeconds: Double = 86_400
    ) {
        self.attempts = attempts
        self.baseSeconds = baseSeconds
        self.capSeconds = capSeconds
        self.outageSeconds = outageSeconds
    }

    /// Whether there is a next attempt after so many failures.
    public func allowsAnother(afterFailures failures: Int, canPass: Bool) -> Bool {
        canPass && failures < attempts
    }

    /// Seconds to wait after the `failures`-th failure: half of the doubled base for certain and up to the other half by
    /// `jitter` (0 to 1), so that requests that failed together do not come back together.
    public func backOff(afterFailures failures: Int, jitter: Double) -> Double {
        var longest = min(baseSeconds, capSeconds)
        for _ in 1..<max(2, min(failures, 64)) where failures > 1 { longest = min(longest * 2, capSeconds) }
        return Self.spread(longest, jitter)
    }

    /// Whether a failure at `age` seconds after the first lease is to be waited out, since the request is not its cause.
    public func waitsOut(_ failure: RunFailure, age: Double) -> Bool { failure.isOutage && age < outageSeconds }

    /// Seconds to wait while something does not answer: up to a tenth of the time that has gone by, so that the wait
    /// after its return is in proportion to the outage.
    public func outageBackOff(age: Double, jitter: Double) -> Double {
        Self.spread(min(max(baseSeconds, age / 10), capSeconds), jitter)
    }

    private static func spread(_ longest: Double, _ jitter: Double) -> Double {
        longest / 2 + longest / 2 * min(max(jitter, 0), 1)
    }
}
