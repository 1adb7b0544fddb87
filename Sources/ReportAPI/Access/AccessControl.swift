public import HTTPServer
public import ReportModel
public import ReportPorts

/// Who may do what. Every route asks here, and nowhere else, before it answers.
public protocol AccessControl: Sendable {
    /// Who sent `request`: by session cookie, user token or consumer id, in upstream's order (upstream.md 2.9).
    /// Throws `unauthenticated` or `forbidden` with upstream's message, `unavailable` if what has to be asked does not answer.
    func caller(of request: HTTPRequest) async throws -> Caller

    /// Whether `caller` may have reports of `dataset` at all; `metadata` is its row, if it has one, whose roles count before
    /// the setting's. Throws `forbidden`.
    func check(_ caller: Caller, dataset: String, metadata: DatasetMetadata?) throws(ExhaustError)

    /// Whether `caller` may have data of these batches (`access.batch`). Throws `forbidden`.
    func check(_ caller: Caller, batches: [BatchRecord]) throws(ExhaustError)
}
