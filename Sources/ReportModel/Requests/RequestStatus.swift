/// The state of a request, by the words of the table `job_request`.
public enum RequestStatus: String, Sendable, Hashable, CaseIterable {
    /// Waits for a worker.
    case submitted = "SUBMITTED"
    /// A worker holds a lease of it.
    case processing = "PROCESSING"
    /// Its files are there.
    case success = "SUCCESS"
    /// It ended with an error; it may be tried again by itself (design.md 8).
    case failed = "FAILED"
    /// Somebody called it off.
    case cancelled = "CANCELLED"

    /// Whether it ended for good or until somebody asks again; a FAILED one may still be retried by itself.
    public var isEnded: Bool { self == .success || self == .failed || self == .cancelled }
}
