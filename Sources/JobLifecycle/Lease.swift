public import ReportModel

/// A worker that looks for work.
public struct LeaseAsk: Sendable, Hashable {
    /// Name of the worker, unique among all workers of the store.
    public var worker: String
    /// Only requests for these reports; empty is all.
    public var reports: Set<String>
    /// How long the lease lasts unless it is renewed.
    public var leaseSeconds: Double
    /// Limits of what one channel may have (upstream.md 8.1).
    public var throttle: ThrottleLimits

    /// A worker that looks for work; the setting names are `lease.seconds` and those of `ThrottleLimits`.
    public init(
        worker: String, reports: Set<String> = [], leaseSeconds: Double = 15, throttle: ThrottleLimits = .init()
    ) {
        self.worker = worker
        self.reports = reports
        self.leaseSeconds = leaseSeconds
        self.throttle = throttle
    }
}

/// What one channel may have done within a rolling hour while another channel waits (design.md 8).
public struct ThrottleLimits: Sendable, Hashable {
    /// `exhaust.batches.limit.per.channel`.
    public var batchesPerChannel: Int
    /// `exhaust.file.size.limit.per.channel`, bytes of plain CSV.
    public var bytesPerChannel: Int64

    /// Limits of a channel; the defaults are upstream's.
    public init(batchesPerChannel: Int = 30, bytesPerChannel: Int64 = 1_073_741_824) {
        self.batchesPerChannel = batchesPerChannel
        self.bytesPerChannel = bytesPerChannel
    }
}

/// Proof that a worker holds a run: good for as long as the fencing number is the run's current one.
public struct LeaseToken: Sendable, Hashable {
    /// The request.
    public var key: RequestKey
    /// The number of this lease.
    public var fencing: Int64

    /// Proof of a lease.
    public init(key: RequestKey, fencing: Int64) {
        self.key = key
        self.fencing = fencing
    }
}

/// A request that a worker has just leased.
public struct LeasedRequest: Sendable, Hashable {
    /// Proof of the lease.
    public var token: LeaseToken
    /// The row, PROCESSING now.
    public var request: JobRequest
    /// Its run with everything that earlier leases left.
    public var run: JobRun

    /// A leased request.
    public init(token: LeaseToken, request: JobRequest, run: JobRun) {
        self.token = token
        self.request = request
        self.run = run
    }
}

/// A heartbeat of one run.
public struct LeaseRenewal: Sendable, Hashable {
    /// Proof of the lease.
    public var token: LeaseToken
    /// How far the run is.
    public var progress: RunProgress
    /// How long the lease lasts from now.
    public var leaseSeconds: Double
    /// Limits by which a run is told to yield.
    public var throttle: ThrottleLimits
    /// The reports of the worker, as in its `LeaseAsk`: a run yields only to requests that the worker could take.
    public var reports: Set<String>

    /// A heartbeat of one run.
    public init(
        token: LeaseToken, progress: RunProgress, leaseSeconds: Double = 15, throttle: ThrottleLimits = .init(),
        reports: Set<String> = []
    ) {
        self.token = token
        self.progress = progress
        self.leaseSeconds = leaseSeconds
        self.throttle = throttle
        self.reports = reports
    }
}

/// What a heartbeat learns.
public struct LeaseAnswer: Sendable, Hashable {
    /// Whose heartbeat.
    public var token: LeaseToken
    /// Whether the lease still holds; if not, the run must stop and write nothing more.
    public var isHeld: Bool
    /// Whether the request is to be called off.
    public var cancelWished: Bool
    /// Whether the channel has had its share by `ThrottleLimits` while another channel waits: the run is to be given
    /// back after the batch in hand.
    public var mustYield: Bool

    /// What a heartbeat learns.
    public init(token: LeaseToken, isHeld: Bool, cancelWished: Bool, mustYield: Bool = false) {
        self.token = token
        self.isHeld = isHeld
        self.cancelWished = cancelWished
        self.mustYield = mustYield
    }
}

/// A change of a run under its lease.
public enum RunChange: Sendable, Hashable {
    /// The run begins on data of this version with this sealed key; parts of another version are worth nothing.
    case began(dataVersion: String?, sealedRunKey: [UInt8])
    /// A range is finished; the count of lost leases begins anew.
    case partKept(RunProgress)
    /// These files are staged and about to be renamed.
    case publishing([StagedFileName])
    /// A batch is finished and its file is published; the run is so far.
    case batchFinished(FinishedFile, ProcessedBatch, RunProgress)
}

/// How an attempt ends.
public enum RunOutcome: Sendable, Hashable {
    /// Every batch is there. `milliseconds` is the time of this attempt.
    case succeeded(receipt: String, milliseconds: Int64)
    /// It failed; whether and when it is tried again is the rule's to say.
    case failed(RunFailure, milliseconds: Int64)
    /// Somebody called it off.
    case cancelled
    /// It goes back to wait and no attempt is counted.
    case givenBack(Reason)

    /// Why a run is given back.
    public enum Reason: String, Sendable, Hashable {
        /// The worker was asked to stop.
        case shutDown
        /// The channel has had its share while others wait.
        case throttled
    }
}
