public import JobLifecycle
public import ReportModel

/// The table `job_request` with `job_run` beside it. Every method is one transaction, by the store's own clock; rules
/// are those of JobLifecycle, so that every store decides alike.
public protocol JobStore: Sendable {
    /// Files a submission: a new row, or by `SubmissionRule` an update, a fresh start, the row as it is, or a refusal
    /// (`conflict` while it is PROCESSING with another key or layout).
    func submit(_ submission: Submission) async throws -> SubmissionAnswer

    /// The request of that id; `tag` nil finds it under any tag (the oldest, should there be several).
    func request(_ requestID: String, tag: String?) async throws -> StoredRequest?

    /// Requests, newest submission first; those of one moment by tag and id.
    func requests(_ query: RequestQuery) async throws -> [StoredRequest]

    /// How many requests the query finds, whatever its limit and place.
    func count(_ query: RequestQuery) async throws -> Int

    /// The requests that wait, in the order in which they would be leased. Reads them all: see `LineBook`.
    func waitingLine() async throws -> WaitingLine

    /// Calls a request off: at once if it waits, by a wish that its worker sees at the next heartbeat if it runs.
    /// Throws `notFound`, or `conflict` if it has ended.
    func cancel(_ key: RequestKey) async throws -> StoredRequest

    /// Leases the request whose turn it is (`LeaseRule`: oldest first, fair between channels, throttled), or none.
    /// First takes back leases that have ended: their requests wait again, or fail as `worker-lost`.
    func lease(_ ask: LeaseAsk) async throws -> LeasedRequest?

    /// Renews leases and notes progress, in one go for all runs of a worker. Answers for each whether it still holds
    /// and whether the request is to be called off.
    func renew(_ renewals: [LeaseRenewal]) async throws -> [LeaseAnswer]

    /// Changes the run under a lease. Throws `leaseLost` if the fencing number is not current.
    func update(_ lease: LeaseToken, _ change: RunChange) async throws

    /// Ends or gives back a leased request. Throws `leaseLost` if the fencing number is not current.
    func finish(_ lease: LeaseToken, _ outcome: RunOutcome) async throws -> StoredRequest

    /// Rows that are PROCESSING without a run of ours: somebody else's, perhaps stranded (design.md 8).
    func foreignRuns() async throws -> [JobRequest]

    /// Takes a foreign PROCESSING row over, as SUBMITTED. Throws `notFound`, `conflict` if it has a run of ours.
    func adopt(_ key: RequestKey) async throws -> StoredRequest

    /// Changes what is kept of an ended request (expiry: paths removed, receipt kept). Throws `conflict` if it runs.
    func forgetFiles(_ key: RequestKey) async throws

    /// The store's clock.
    func now() async throws -> Timestamp

    /// When the next thing happens by itself: the end of a lease or of a back-off; nil if nothing is due.
    func nextDue() async throws -> Timestamp?
}

/// A store that can tell at once that something was submitted, instead of being asked again and again.
public protocol JobNotifying: Sendable {
    /// Elements arrive after submissions and other changes by anybody, coalesced; it ends with the task.
    func changes() -> AsyncStream<Void>

    /// As `changes`, but only when something may wait for a worker, so that many workers do not wake for each other's ends.
    func work() -> AsyncStream<Void>
}

extension JobNotifying {
    /// All changes, for stores that do not tell them apart.
    public func work() -> AsyncStream<Void> { changes() }
}

/// A request with its run.
public struct StoredRequest: Sendable, Hashable {
    /// The row.
    public var request: JobRequest
    /// What we keep beside it; nil for rows of other programs that we never leased.
    public var run: JobRun?

    /// A request with its run.
    public init(request: JobRequest, run: JobRun?) {
        self.request = request
        self.run = run
    }
}

/// Which requests to list.
public struct RequestQuery: Sendable, Hashable {
    /// Only these stored tags (`<tag>:<channel>`).
    public var tag: String?
    /// Only of this channel.
    public var channel: String?
    /// Only in one of these states; empty is all.
    public var statuses: Set<RequestStatus>
    /// Only with this `job_id`.
    public var report: String?
    /// Only submitted at this moment or later, and before that one.
    public var submitted: Range<Timestamp>?
    /// Only what stands behind this place in the order of lists: the next page.
    public var after: RequestPlace?
    /// At most so many.
    public var limit: Int

    /// A list of requests; everything by default, 100 at most.
    public init(
        tag: String? = nil, channel: String? = nil, statuses: Set<RequestStatus> = [], report: String? = nil,
        submitted: Range<Timestamp>? = nil, after: RequestPlace? = nil, limit: Int = 100
    ) {
        self.tag = tag
        self.channel = channel
        self.statuses = statuses
        self.report = report
        self.submitted = submitted
        self.after = after
        self.limit = limit
    }
}

/// Where a request stands in the order of lists: newest submission first, then by tag and id.
public struct RequestPlace: Sendable, Hashable {
    /// When it was submitted; 1970 for a row without that time, which stands at the end.
    public var submittedAt: Timestamp
    /// The row.
    public var key: RequestKey

    /// A place.
    public init(submittedAt: Timestamp, key: RequestKey) {
        self.submittedAt = submittedAt
        self.key = key
    }

    /// The place of a row.
    public init(of request: JobRequest) { self.init(submittedAt: request.submittedAt, key: request.key) }
}
