public import ReportModel

/// What can happen to a request.
public enum RequestEvent: Sendable, Hashable {
    /// Somebody submits under the id of this request.
    case resubmitted(Submission)
    /// A worker takes it; the lease lasts so many seconds.
    case leased(worker: String, seconds: Double)
    /// The worker's heartbeat.
    case renewed(LeaseRenewal)
    /// The worker notes something about the run.
    case changed(LeaseToken, RunChange)
    /// The worker ends the run or gives it back; `jitter`, 0 to 1, spreads the back-off of a retry.
    case finished(LeaseToken, RunOutcome, jitter: Double)
    /// The store found the lease past its end.
    case leaseExpired
    /// Somebody calls it off.
    case cancelWished
    /// The back-off of a FAILED request is over.
    case backOffOver
    /// The operator takes it from another program that left it stranded.
    case adopted
    /// A request with the same share key succeeded: its outcome is this one's too.
    case tookOver(request: JobRequest, run: JobRun)
    /// Its files have expired and were removed.
    case filesForgotten

    /// The event in words, for messages about requests that cannot take it.
    var words: String {
        switch self {
        case .resubmitted: "be submitted again"
        case .leased: "be leased"
        case .renewed: "have its lease renewed"
        case .changed: "take a change of its run"
        case .finished: "be finished"
        case .leaseExpired: "lose a lease"
        case .cancelWished: "be cancelled"
        case .backOffOver: "leave a back-off"
        case .adopted: "be adopted"
        case .tookOver: "take over another request's files"
        case .filesForgotten: "lose its files"
        }
    }
}

/// What the store has to do after an event.
public enum RequestAction: Sendable, Hashable {
    /// Nothing: the row and its run are as they were.
    case keep
    /// Write the row and its run.
    case write
    /// Write them, and let the requests that share the run take over its outcome (`ShareKey`).
    case writeAndShare
}
