public import ReportModel

/// Where a request stands: the status of its row, made precise by its run (design.md 8).
public enum RequestState: Sendable, Hashable, CaseIterable {
    /// SUBMITTED: waits for a worker.
    case waiting
    /// PROCESSING under a lease of ours.
    case leased
    /// PROCESSING by another program, or stranded by one: there is no lease of ours.
    case foreign
    /// FAILED, and will be tried again by itself.
    case backingOff
    /// FAILED until somebody asks again.
    case failed
    /// SUCCESS.
    case succeeded
    /// CANCELLED.
    case cancelled

    /// The state of a row and the run beside it.
    public init(of request: JobRequest, run: JobRun?) {
        switch request.status {
        case .submitted: self = .waiting
        case .processing: self = run?.owner == nil ? .foreign : .leased
        case .success: self = .succeeded
        case .failed: self = run?.willRetry == true ? .backingOff : .failed
        case .cancelled: self = .cancelled
        }
    }

    /// The state in words, for messages: "request X " and this.
    public var words: String {
        switch self {
        case .waiting: "waits for a worker"
        case .leased: "is being worked on"
        case .foreign: "is being worked on by another program"
        case .backingOff: "failed and waits for its next attempt"
        case .failed: "failed"
        case .succeeded: "is done"
        case .cancelled: "was cancelled"
        }
    }
}
