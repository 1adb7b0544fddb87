public import ReportModel

/// A request that waits for a worker, as far as its turn depends on it.
public struct WaitingRequest: Sendable, Hashable {
    /// The request.
    public var key: RequestKey
    /// Its channel.
    public var channel: String
    /// When it was submitted.
    public var submittedAt: Timestamp
    /// What it shares runs by; nil if it shares none.
    public var shareKey: ShareKey?
    /// When it was asked for anew; nil if it was not.
    public var freshSince: Timestamp?

    /// A waiting request by what a store has read of it.
    public init(
        key: RequestKey, channel: String, submittedAt: Timestamp, shareKey: ShareKey?, freshSince: Timestamp?
    ) {
        self.key = key
        self.channel = channel
        self.submittedAt = submittedAt
        self.shareKey = shareKey
        self.freshSince = freshSince
    }

    /// A waiting request with its run, if it has one. Nil if it does not wait: it is not SUBMITTED, nor FAILED with its
    /// back-off over, or is not to be leased yet.
    public init?(_ request: JobRequest, run: JobRun?, at now: Timestamp) {
        switch RequestState(of: request, run: run) {
        case .waiting, .backingOff: break
        case .leased, .foreign, .failed, .succeeded, .cancelled: return nil
        }
        if let notBefore = run?.notBefore, now < notBefore { return nil }
        key = request.key
        channel = request.requestedChannel
        submittedAt = request.submittedAt
        shareKey = ShareKey(of: request, run: run)
        freshSince = run?.freshSince
    }
}

/// Runs under a lease, by what they are shared by: the latest moment at which one of them was first leased.
public typealias LiveRuns = [ShareKey: Timestamp]

/// Which waiting request is next.
///
/// Of the requests that may be leased, the first by this order:
/// 1. channels within their limits before channels that have had their share of the rolling hour; so a limit bites only
///    while another channel within its own limits waits, and a machine is never idle while anything waits;
/// 2. the channel with the smaller share: batches finished in the rolling hour plus requests under a lease now;
/// 3. the earlier submission;
/// 4. by tag and request id, so that every store decides alike.
///
/// A request whose share key equals that of a live run is not leased but waits for its outcome, unless it was asked
/// for anew after that run had begun.
public struct LeaseRule: Sendable {
    private let limits: ThrottleLimits
    private let liveRuns: LiveRuns

    /// The rule for these limits while `liveRuns` are under way.
    public init(limits: ThrottleLimits, liveRuns: LiveRuns) {
        self.limits = limits
        self.liveRuns = liveRuns
    }

    /// Whether a waiting request is to be leased, and not to wait for another's outcome.
    public func mayLease(_ waiting: WaitingRequest) -> Bool {
        guard let shareKey = waiting.shareKey, let leasedAt = liveRuns[shareKey] else { return true }
        return !ShareKey.follows(freshSince: waiting.freshSince, leaderLeasedAt: leasedAt)
    }

    /// The request that is next; nil if none may be leased. `waiting` may be all that wait or just the oldest of each
    /// channel that may be leased: the answer is the same.
    public func next(
        of waiting: some Sequence<WaitingRequest>, standings: [String: ChannelStanding]
    ) -> WaitingRequest? {
        waiting.lazy.filter(mayLease).min { first, second in
            precedes(first, second, standings)
        }
    }

    /// Whether a run of `channel` is to be given back after the batch in hand: the channel has had its share while
    /// another one, within its limits, waits for a worker. `waitingChannels` have a request that may be leased.
    public func mustYield(
        _ channel: String, waitingChannels: some Sequence<String>, standings: [String: ChannelStanding]
    ) -> Bool {
        guard standings[channel]?.isOver(limits) == true else { return false }
        return waitingChannels.contains { $0 != channel && standings[$0]?.isOver(limits) != true }
    }

    func precedes(
        _ first: WaitingRequest, _ second: WaitingRequest, _ standings: [String: ChannelStanding]
    ) -> Bool {
        let firstStanding = standings[first.channel] ?? .init()
        let secondStanding = standings[second.channel] ?? .init()
        let firstIsOver = firstStanding.isOver(limits)
        if firstIsOver != secondStanding.isOver(limits) { return !firstIsOver }
        if firstStanding.share != secondStanding.share { return firstStanding.share < secondStanding.share }
        return Self.isOlder(first, second)
    }

    /// The order within a channel.
    static func isOlder(_ first: WaitingRequest, _ second: WaitingRequest) -> Bool {
        if first.submittedAt != second.submittedAt { return first.submittedAt < second.submittedAt }
        if first.key.tag != second.key.tag { return first.key.tag < second.key.tag }
        return first.key.requestID < second.key.requestID
    }
}
