public import ReportModel

/// The life of one request: events in, the row and run afterwards and an action out. No clock and no I/O; the store
/// loads row and run, hands in the event and its own time, and writes what came of it, all in one transaction.
public struct RequestMachine: Sendable, Hashable {
    /// The row.
    public internal(set) var request: JobRequest
    /// The run beside it; nil for rows of other programs that we never leased.
    public internal(set) var run: JobRun?
    let rules: JobRules

    /// A machine for a row and its run as they are stored.
    public init(request: JobRequest, run: JobRun?, rules: JobRules = .init()) {
        self.request = request
        self.run = run
        self.rules = rules
    }

    /// The row and run of a submission under a new id. `earlier` is a run that was left behind by a row that somebody
    /// deleted: its fencing number is counted on, so that a worker that still holds it is refused.
    public static func new(_ submission: Submission, earlier: JobRun?, at now: Timestamp) throws -> (JobRequest, JobRun)
    {
        (newRow(submission, at: now), try newRun(submission, after: earlier, at: now))
    }

    /// The row of a submission under a new id.
    static func newRow(_ submission: Submission, at now: Timestamp) -> JobRequest {
        var request = submission.request
        request.status = .submitted
        request.submittedAt = now
        request.iteration = 0
        // The passwords of our own requests are kept sealed beside the row.
        if !submission.isForOthers { request.encryptionKey = nil }
        return request
    }

    /// Where the request stands.
    public var state: RequestState { RequestState(of: request, run: run) }

    /// Whether `token` is of the current lease.
    public func holds(_ token: LeaseToken) -> Bool {
        state == .leased && run?.fencing == token.fencing && request.key == token.key
    }

    /// Lets `event` happen. Throws `conflict` naming the state if it cannot happen now, `leaseLost` if it came under a
    /// lease that is not the current one; nothing has changed then.
    public mutating func handle(_ event: RequestEvent, at now: Timestamp) throws -> RequestAction {
        let before = self
        let action = try apply(event, at: now)
        return action == .write && self == before ? .keep : action
    }

    private mutating func apply(_ event: RequestEvent, at now: Timestamp) throws -> RequestAction {
        switch event {
        case .resubmitted(let submission): try resubmit(submission, at: now)
        case .leased(let worker, let seconds): try lease(worker, seconds, event, at: now)
        case .renewed(let renewal): try renew(renewal, at: now)
        case .changed(let token, let change): try apply(change, under: token)
        case .finished(let token, let outcome, let jitter): try finish(token, outcome, jitter, at: now)
        case .leaseExpired: try expire(event, at: now)
        case .cancelWished: try cancel(event, at: now)
        case .backOffOver: try endBackOff(event, at: now)
        case .adopted: try adopt(event)
        case .tookOver(let request, let run): try takeOver(request, run, event)
        case .filesForgotten: try forgetFiles(event)
        }
    }

    /// The error for an event that cannot happen in the present state.
    func illegal(_ event: RequestEvent, remedy: String = "") -> ExhaustError {
        ExhaustError(
            .conflict, "request \(request.requestID) cannot \(event.words): it \(state.words)", remedy: remedy)
    }

    /// The run of a request that begins anew. The fencing number counts on, and what earlier leases staged stays known,
    /// so that no worker of before can pass for the current one or publish.
    static func newRun(_ submission: Submission, after earlier: JobRun?, at now: Timestamp) throws
        -> JobRun
    {
        var run = JobRun(
            layout: submission.layout, sealedPassword: submission.sealedPassword, passwordHash: submission.passwordHash)
        run.fencing = earlier?.fencing ?? 0
        run.publishing = earlier?.publishing ?? []
        run.freshSince = submission.isFresh ? now : nil
        run.question = try submission.request.question()
        return run
    }
}
