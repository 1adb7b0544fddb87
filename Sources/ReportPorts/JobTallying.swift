public import ReportModel

/// A job store that can count its requests without reading them.
public protocol JobTallying: Sendable {
    /// How many requests there are of each report in each state.
    func tally() async throws -> [JobTally]
}

/// How many requests of one report are in one state.
public struct JobTally: Sendable, Hashable {
    /// The id of the report, as the rows have it.
    public var report: String
    /// The state.
    public var status: RequestStatus
    /// How many.
    public var count: Int
    /// When the oldest of them was submitted; nil for reports of other programs (`JobRules.reports`).
    public var oldest: Timestamp?

    /// How many requests of one report are in one state.
    public init(report: String, status: RequestStatus, count: Int, oldest: Timestamp?) {
        self.report = report
        self.status = status
        self.count = count
        self.oldest = oldest
    }
}
