public import ReportModel

/// What somebody asks for, ready to be filed.
public struct Submission: Sendable, Hashable {
    /// The row as it would be new; `submittedAt` is set by the store's clock.
    public var request: JobRequest
    /// The layout asked for.
    public var layout: ReportLayout?
    /// The password, sealed under the master key.
    public var sealedPassword: [UInt8]?
    /// Keyed hash of the password, hex; empty without one.
    public var passwordHash: String
    /// Whether a SUCCESS is to be made anew.
    public var isFresh: Bool
    /// Whether another program works on it: there is no run of ours beside the row, the key stands in the row as that
    /// program reads it, and a resubmission does what upstream's does (upstream.md 2.6).
    public var isForOthers: Bool

    /// A submission.
    public init(
        request: JobRequest, layout: ReportLayout? = nil, sealedPassword: [UInt8]? = nil, passwordHash: String = "",
        isFresh: Bool = false, isForOthers: Bool = false
    ) {
        self.request = request
        self.layout = layout
        self.sealedPassword = sealedPassword
        self.passwordHash = passwordHash
        self.isFresh = isFresh
        self.isForOthers = isForOthers
    }
}

/// What became of a submission.
public struct SubmissionAnswer: Sendable, Hashable {
    /// What was done.
    public enum Effect: Sendable, Hashable {
        /// A new row.
        case created
        /// A waiting row took the new key, layout or config.
        case updated
        /// An ended row waits again, attempts reset.
        case restarted
        /// The row was left as it is: the same thing waits, runs or is done.
        case unchanged
    }

    /// What was done.
    public var effect: Effect
    /// The row afterwards.
    public var request: JobRequest
    /// Its run afterwards.
    public var run: JobRun?

    /// What became of a submission.
    public init(effect: Effect, request: JobRequest, run: JobRun?) {
        self.effect = effect
        self.request = request
        self.run = run
    }
}
