public import ReportModel

/// A job store that can forget requests that ended long ago; others keep all.
public protocol RowRetaining: Sendable {
    /// Forgets what is kept beside requests that ended before `moment`: receipts and progress. Their rows stay.
    /// Answers how many.
    func forgetRuns(endedBefore moment: Timestamp) async throws -> Int

    /// Removes the rows of requests for one of `reports` that ended before `moment` and name no file any more, with what is
    /// kept beside them; the rows of other programs stay. Answers how many.
    func removeRequests(of reports: Set<String>, endedBefore moment: Timestamp) async throws -> Int
}
