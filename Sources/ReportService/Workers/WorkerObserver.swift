public import ReportModel
public import ReportPorts

/// What a worker tells of its runs, for progress bars and tests.
public struct WorkerObserver: Sendable {
    /// A run begins; its meter shows how far it is.
    public var began: @Sendable (JobRequest, RunMeter) -> Void
    /// A run ended; nil if the lease was lost and the end is somebody else's to tell.
    public var ended: @Sendable (JobRequest, StoredRequest?) -> Void

    /// Observes runs; both closures do nothing by default.
    public init(
        began: @escaping @Sendable (JobRequest, RunMeter) -> Void = { _, _ in },
        ended: @escaping @Sendable (JobRequest, StoredRequest?) -> Void = { _, _ in }
    ) {
        self.began = began
        self.ended = ended
    }
}
