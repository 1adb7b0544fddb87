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
    /// back-off over, or is not to be leased yet. Throws what `ShareKey` throws.
    public init?(_ request: JobRequest, run: JobRun?, at now: Timestamp) throws {
        switch RequestState(of: request, run: run) {
        case .waiting, .backingOff: break
        case .leased, .foreign, .failed, .succeeded, .cancelled: return nil
        }
        if let notBefore = run?.notBefore, now < notBefore { return nil }
        key = request.key
        channel = request.requestedChannel
        submittedAt = request.submittedAt
        shareKey = try ShareKey(of: request, run: run)
        freshSince = run?.freshSince
    }
}

/// A channel with requests that are SUBMITTED.
public struct WaitingChannel: Sendable, Hashable {
    /// The channel.
    public var name: String
    /// When the oldest of them was submitted, whether it may be leased or not.
    public var oldest: Timestamp

    /// A channel with requests that are SUBMITTED.
    public init(name: String, oldest: Timestamp) {
        self.name = name
        self.oldest = oldest
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

    /// The request that is next; nil if none may be leased.
    ///
    /// `head` gives the oldest request of a channel that may be leased, if any. It is asked only of the channels that
    /// can still be the first by their oldest request of all, most often of one.
    public func next(
        of channels: [WaitingChannel], standings: [String: ChannelStanding],
        head: (String) throws -> WaitingRequest?
    ) rethrows -> WaitingRequest? {
        let bounds = channels.map { channel in
            (name: channel.name, bound: bound(channel, standings[channel.name] ?? .init()))
        }.sorted { $0.bound < $1.bound }
        var best: Turn?
        for (name, bound) in bounds {
            if let best, best.bound < bound { break }
            guard let request = try head(name) else { continue }
            let turn = turn(of: request, standings[name] ?? .init())
            best = best.map { min($0, turn) } ?? turn
        }
        return best?.request
    }

    /// Whether a run of `channel` is to be given back after the batch in hand if `other` has a request that may be
    /// leased: the channel has had its share, the other one has not.
    public func mustYield(
        _ channel: String, to other: String, standings: [String: ChannelStanding]
    ) -> Bool {
        channel != other && standings[channel]?.isOver(limits) == true && standings[other]?.isOver(limits) != true
    }

    /// What the order goes by before requests are looked at: over the limits or not, share, submission.
    typealias Bound = (Int, Int, Int64)

    /// The turn of a request whose channel has this standing.
    func turn(of request: WaitingRequest, _ standing: ChannelStanding) -> Turn {
        let channel = WaitingChannel(name: request.channel, oldest: request.submittedAt)
        return Turn(request: request, bound: bound(channel, standing))
    }

    private func bound(_ channel: WaitingChannel, _ standing: ChannelStanding) -> Bound {
        (standing.isOver(limits) ? 1 : 0, standing.share, channel.oldest.milliseconds)
    }

    /// A place in the order of all requests.
    struct Turn: Comparable {
        let request: WaitingRequest
        let bound: Bound

        static func < (first: Turn, second: Turn) -> Bool {
            if first.bound != second.bound { return first.bound < second.bound }
            return LeaseRule.isOlder(first.request, second.request)
        }

        static func == (first: Turn, second: Turn) -> Bool { first.request == second.request }
    }

    /// The order within a channel.
    static func isOlder(_ first: WaitingRequest, _ second: WaitingRequest) -> Bool {
        if first.submittedAt != second.submittedAt { return first.submittedAt < second.submittedAt }
        if first.key.tag != second.key.tag { return first.key.tag < second.key.tag }
        return first.key.requestID < second.key.requestID
    }
}
