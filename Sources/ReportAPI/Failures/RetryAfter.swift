import ReportModel

/// The cause of a refusal that ends by itself; the answer tells how long to wait (`Retry-After`, RFC 9110, 10.2.3).
public struct RetryAfter: Error, Sendable, Hashable {
    /// Whole seconds, at least 1.
    public let seconds: Int

    /// The time to wait, rounded up.
    public init(seconds: Double) { self.seconds = max(1, Int(seconds.rounded(.up))) }
}

extension ExhaustError {
    /// The error for somebody who asks too often.
    static func tooOften(_ who: String, retryAfter seconds: Double) -> ExhaustError {
        let wait = RetryAfter(seconds: seconds)
        return ExhaustError(
            .tooManyRequests, "\(who): too many requests", remedy: "Try again in \(wait.seconds) s.", cause: wait)
    }
}
