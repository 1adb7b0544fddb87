/// What we keep of a request beside its `job_request` row: the run's lease, key, progress and receipt (design.md 8).
public struct JobRun: Sendable, Hashable {
    /// The layout asked for; nil leaves it to the setting `layout.<report>`.
    public var layout: ReportLayout?
    /// The requester's password, sealed under the master key; erased with the end of the request; a FAILED one keeps it
    /// as long as it is tried again by itself.
    public var sealedPassword: [UInt8]?
    /// HMAC-SHA-256 of the password under the master key, hex; empty without one. Decides whether requests share a run, and
    /// whether files of before are for the password of now.
    public var passwordHash = ""
    /// How often it was leased; every write of a worker is made on condition that this is still its number.
    public var fencing: Int64 = 0
    /// The worker that holds the lease; nil if nobody does.
    public var owner: String?
    /// When the lease ends unless it is renewed, by the store's clock.
    public var leasedUntil: Timestamp?
    /// Leases lost one after the other without a new part in between.
    public var lostLeases = 0
    /// Not to be leased before this moment: the back-off of a retry.
    public var notBefore: Timestamp?
    /// Whether a FAILED request is tried again by itself.
    public var willRetry = false
    /// Whether somebody wants it called off.
    public var cancelWished = false
    /// When it was leased for the first time since it was asked for; names the day of the files.
    public var firstLeasedAt: Timestamp?
    /// The key of the run's parts, sealed under the master key.
    public var sealedRunKey: [UInt8]?
    /// The version of the learner data that the parts were made from; nil if the store has no versions.
    public var dataVersion: String?
    /// Learners read so far and learners expected, over all batches; expected is 0 until the rosters are known.
    public var progress = RunProgress()
    /// Files that are staged and are to be renamed under their final names, by this fencing number.
    public var publishing: [StagedFileName] = []
    /// Files of finished batches.
    public var files: [FinishedFile] = []
    /// Files of the success before, which the row names until the next one: what is known of them.
    public var earlierFiles: [FinishedFile] = []
    /// The receipt of the finished request, JSON; nil before. While it is made anew, that of the files that can still be had.
    public var receipt: String?
    /// Why the last attempt failed: code of the error and who can mend it; nil if it did not.
    public var failure: RunFailure?
    /// The request whose run gave this one its files, if they shared one.
    public var sharedWith: RequestKey?
    /// When somebody asked for it to be made anew; it then shares no run that was leased before. Nil if nobody did.
    public var freshSince: Timestamp?

    /// Fingerprint of what the run is made for: report, configuration, channel and requester. Nil if nobody noted it.
    public var question: String?

    /// The run of a request that was never leased.
    public init(layout: ReportLayout? = nil, sealedPassword: [UInt8]? = nil, passwordHash: String = "") {
        self.layout = layout
        self.sealedPassword = sealedPassword
        self.passwordHash = passwordHash
    }
}

/// How far a run is.
public struct RunProgress: Sendable, Hashable {
    /// Learners looked at.
    public var learnersDone: Int
    /// Learners enrolled in all batches; 0 while unknown.
    public var learnersExpected: Int
    /// Rows written.
    public var rows: Int
    /// Stretches read so far of the tables that are read from end to end.
    public var stretchesDone: Int
    /// All stretches of those tables; 0 where nothing is read so.
    public var stretchesExpected: Int

    /// How far a run is.
    public init(
        learnersDone: Int = 0, learnersExpected: Int = 0, rows: Int = 0, stretchesDone: Int = 0,
        stretchesExpected: Int = 0
    ) {
        self.learnersDone = learnersDone
        self.learnersExpected = learnersExpected
        self.rows = rows
        self.stretchesDone = stretchesDone
        self.stretchesExpected = stretchesExpected
    }
}

/// A file on its way from its staging name to its final one.
public struct StagedFileName: Sendable, Hashable {
    /// The name under which it was written; carries the fencing number.
    public var staging: String
    /// The path that the request's row will name.
    public var final: String

    /// A file on its way.
    public init(staging: String, final: String) {
        self.staging = staging
        self.final = final
    }
}

/// The published file of one batch.
public struct FinishedFile: Sendable, Hashable {
    /// The batch.
    public var batch: BatchKey
    /// Path in the store, ending in `.zip`.
    public var path: String
    /// Bytes of the file.
    public var fileBytes: Int64
    /// Bytes of the plain CSV.
    public var csvBytes: Int64
    /// The batch's receipt, JSON.
    public var receipt: String

    /// A published file.
    public init(batch: BatchKey, path: String, fileBytes: Int64, csvBytes: Int64, receipt: String) {
        self.batch = batch
        self.path = path
        self.fileBytes = fileBytes
        self.csvBytes = csvBytes
        self.receipt = receipt
    }
}

/// Why an attempt failed.
public struct RunFailure: Sendable, Hashable {
    /// Name of the error's code.
    public var code: String
    /// What went wrong and why.
    public var message: String
    /// What to do.
    public var remedy: String
    /// Who can mend it.
    public var mender: ExhaustError.Mender
    /// Whether the same attempt can succeed later.
    public var canPass: Bool

    /// Whether a service or store did not answer, which is no fault of the request.
    public var isOutage: Bool { canPass && code == ExhaustError.Code.unavailable.description }

    /// Why an attempt failed.
    public init(code: String, message: String, remedy: String, mender: ExhaustError.Mender, canPass: Bool) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.mender = mender
        self.canPass = canPass
    }

    /// The failure that an error tells of.
    public init(_ error: ExhaustError) {
        self.init(
            code: error.code.description, message: error.message, remedy: error.remedy, mender: error.mender,
            canPass: error.canPass)
    }
}
