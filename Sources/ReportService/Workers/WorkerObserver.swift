public import ReportModel
public import ReportPorts

/// What a worker tells of its runs, for progress bars and tests.
public struct WorkerObserver: Sendable {
    /// A run begins; its meter shows how far it is.
    public var began: @Sendable (JobRequest, RunMeter) -> Void
    /// A run ended; nil if the lease was lost and the end is somebody else's to tell.
    public var ended: @Sendable (JobRequest, StoredRequest?) -> Void
    /// The worker lives: told at each heartbeat, also when there is nothing to do.
    public var beat: @Sendable () -> Void

    /// Observes runs; the closures do nothing by default.
    public init(
        began: @escaping @Sendable (JobRequest, RunMeter) -> Void = { _, _ in },
        ended: @escaping @Sendable (JobRequest, StoredRequest?) -> Void = { _, _ in },
        beat: @escaping @Sendable () -> Void = {}
    ) {
        self.began = began
        self.ended = ended
        self.beat = beat
    }
}
