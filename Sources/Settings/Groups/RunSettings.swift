public import ReportModel
public import ReportRows

/// How workers work: how much at once, in which portions (design.md 4).
public struct RunSettings: Sendable {
    /// `work.parallelRequests`: requests that one worker works on at once.
    public var parallelRequests = 1
    /// `run.parallelRanges`: ranges of one batch that are worked on at once; the machine's cores by default.
    public var parallelRanges: Int
    /// `range.learners`: learners of a range, that is of a part.
    public var learnersPerRange = 10_000
    /// `parts.inMemoryLearners`: reports about no more learners than this keep their parts in memory.
    public var inMemoryLearners = 50_000
    /// `parts.inMemoryBytes`: deflated bytes of one report's parts that are kept in memory at most.
    public var inMemoryBytes = 16 << 20
    /// How much is read at once.
    public var pages = PageLimits()
    /// How much a piece of a part holds.
    public var pieces = PieceLimits()
    /// `work.pollSeconds`: how often a worker looks for work, should no notice arrive.
    public var pollSeconds = 2.0

    /// All defaults, for a machine with so many cores.
    public init(cores: Int) { parallelRanges = max(1, min(cores, 64)) }

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Work")
        try reader.whole(
            &parallelRequests, "work.parallelRequests", 1...64, "requests", "Requests a worker works on at once.")
        try reader.whole(
            &parallelRanges, "run.parallelRanges", 1...64, "ranges",
            "Ranges of one batch worked on at once; by default as many as the machine has cores.")
        try reader.seconds(&pollSeconds, "work.pollSeconds", 0.1...3_600, "How often an idle worker looks for work.")
        reader.begin("Portions")
        try reader.whole(
            &learnersPerRange, "range.learners", 1...10_000_000, "learners",
            "Learners of one part; what is lost at a crash is the parts in hand.")
        try reader.whole(
            &inMemoryLearners, "parts.inMemoryLearners", 0...10_000_000, "learners",
            "Reports about more learners than this keep finished parts on disk, sealed, to resume from.")
        try reader.size(
            &inMemoryBytes, "parts.inMemoryBytes", 0...1 << 30,
            "Finished parts of one report kept in memory at most; further ones go to disk, sealed.")
        try reader.whole(&pages.learners, "page.learners", 1...1_000_000, "learners", "Learners read at once.")
        try reader.size(&pages.bytes, "page.bytes", 64 << 10...1 << 30, "Attempts read at once.")
        try reader.whole(&pieces.rows, "piece.rows", 1...1_000_000_000, "rows", "Rows of one piece of a part.")
        try reader.size(&pieces.bytes, "piece.bytes", 64 << 10...1 << 30, "CSV of one piece of a part.")
    }
}
