public import JobLifecycle
public import ReportModel
public import ReportRows

/// What settings decide about requests and runs; every member has the default of its setting.
public struct ServiceSettings: Sendable {
    /// Rules of the reports.
    public var rules = ReportRules()
    /// How the CSV is written.
    public var csv = CSVOptions()
    /// How much is read at once.
    public var pages = PageLimits()
    /// How much a piece of a part holds.
    public var pieces = PieceLimits()
    /// `range.learners`: learners of a range, that is of a part.
    public var learnersPerRange = 10_000
    /// `parts.inMemoryLearners`: reports about no more learners than this keep their parts in memory.
    public var inMemoryLearners = 50_000
    /// `parts.inMemoryBytes`: deflated bytes of one report's parts that are kept in memory at most; further ones are
    /// stored.
    public var inMemoryBytes = 16 << 20
    /// `run.parallelRanges`: ranges of one batch that are worked on at once.
    public var parallelRanges = 2
    /// `work.parallelRequests`: requests that one worker works on at once.
    public var parallelRequests = 1
    /// `data_exhaust.batch.limit.per.request`.
    public var batchesPerRequest = 20
    /// `archive.rowsPerEntry`: rows of one CSV, without its header; what a spreadsheet can hold (design.md 6.3).
    public var rowsPerEntry = 1_048_575
    /// `file.dateOffset`: minutes before UTC of the zone whose date names files.
    public var fileDateOffsetMinutes = 330
    /// `request.dateOffset`: minutes before UTC of the zone whose date is part of request ids (upstream.md 2.14, 19).
    public var requestDateOffsetMinutes = 0
    /// `level.<report>`: the level where the organisation has no policy.
    public var levels: [String: SecurityLevel] = [:]
    /// `level.requireKey`: whether a progress or response request without a key is refused at a password level.
    public var requiresKey = false
    /// `password.minimumCharacters`, as a rule.
    public var passwordRule = PasswordRule()
    /// `submit.validateEarly`: whether upstream's dialects refuse at submit what is known to fail; otherwise the run does.
    public var validatesEarly = true
    /// `datasets.others`: datasets that other programs make from the same job table; their requests are filed for them.
    public var otherDatasets: Set<String> = []
    /// `datasets.editors`: consumers that may add datasets by the API, which sets who may have which.
    public var datasetEditors: Set<String> = []
    /// `layout.<report>`.
    public var layouts: [String: ReportLayout] = [:]
    /// `zip.encryption`: whether the weak traditional cipher is used for tools that know no other.
    public var usesTraditionalCipher = false
    /// `zip.level`: 0 to 3, how hard deflate tries.
    public var deflateLevel = 1
    /// `lease.seconds`.
    public var leaseSeconds = 15.0
    /// `lease.heartbeatSeconds`.
    public var heartbeatSeconds = 5.0
    /// `work.pollSeconds`: how often a worker looks for work by itself, should no notice arrive.
    public var pollSeconds = 2.0
    /// Limits of what one channel may have.
    public var throttle = ThrottleLimits()

    /// All defaults.
    public init() {}

    /// Where pieces of parts end: no piece has more rows than an entry of the archive may have.
    var pieceLimits: PieceLimits { PieceLimits(rows: min(pieces.rows, rowsPerEntry), bytes: pieces.bytes) }
}
