public import ReportModel

/// The tables of a job store as one open transaction sees them: what `JobTransactions` needs of a store. Nothing here
/// decides anything. Rows may have been written, changed or deleted by other programs at any time before.
public protocol JobTable {
    /// A row and the run beside it; nil without the row.
    func load(_ key: RequestKey) throws -> (request: JobRequest, run: JobRun?)?

    /// The run that a row left behind when another program deleted it.
    func loadOrphan(_ key: RequestKey) throws -> JobRun?

    /// Writes a row and its run, whether they are there or not; without a run, what is beside the row stays.
    func save(_ request: JobRequest, _ run: JobRun?) throws

    /// Notes that nobody holds the run of a row that is gone.
    func releaseOrphan(_ key: RequestKey) throws

    /// Runs that have an owner and a lease that ended at `now` or before, with or without a row.
    func endedLeases(at now: Timestamp) throws -> [RequestKey]

    /// FAILED requests that are tried again and whose back-off ended at `now` or before.
    func endedBackOffs(at now: Timestamp) throws -> [RequestKey]

    /// The channels of requests that are SUBMITTED for one of `reports` (empty is all); others may be among them.
    func waitingChannels(reports: Set<String>) throws -> [WaitingChannel]

    /// The oldest request of `channel` that waits at `now` (`WaitingRequest`), is for one of `reports` (empty is all),
    /// and that `mayLease` accepts.
    func oldestWaiting(
        in channel: String, reports: Set<String>, at now: Timestamp, mayLease: (WaitingRequest) -> Bool
    ) throws -> WaitingRequest?

    /// All requests for one of `reports` (empty is all) that wait at `now`, FAILED ones with their back-off over included.
    func allWaiting(at now: Timestamp, reports: Set<String>) throws -> [WaitingRequest]

    /// Runs under a lease: channel, share key, first lease.
    func liveRuns() throws -> [(channel: String, shareKey: ShareKey?, firstLeasedAt: Timestamp?)]

    /// SUBMITTED and FAILED requests with this share key.
    func sharers(of key: ShareKey) throws -> [RequestKey]

    /// What each channel finished after `moment`: batches and bytes; channels without any may be missing.
    func finishedBatches(after moment: Timestamp) throws -> [String: ChannelStanding]

    /// Notes a finished batch, and forgets those of `forgettingBefore` and earlier.
    func addFinished(_ batch: FinishedBatch, forgettingBefore: Timestamp) throws

    /// The earliest moment after which `endedLeases` or `endedBackOffs` has something; nil if none is foreseen.
    func nextDue() throws -> Timestamp?

    /// Whether an error of another method comes from what stands in the one row that was asked for, and not from the
    /// store: then the row is passed over. No error is by default.
    func isFaultOfRow(_ error: ExhaustError) -> Bool
}

extension JobTable {
    /// None is the row's.
    public func isFaultOfRow(_ error: ExhaustError) -> Bool { false }
}
