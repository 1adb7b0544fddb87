public import HTTPServer
public import ReportModel
public import ReportPorts

/// Who may do what. Every route asks here, and nowhere else, before it answers.
public protocol AccessControl: Sendable {
    /// Who sent `request`: by session cookie, user token or consumer id, in upstream's order (upstream.md 2.9).
    /// Throws `unauthenticated` or `forbidden` with upstream's message, `unavailable` if what has to be asked does not answer.
    func caller(of request: HTTPRequest) async throws -> Caller

    /// Counts a call of somebody who was recognised by something else than `caller(of:)`, such as a download link that was
    /// given to them. Throws `tooManyRequests` to who asks too often.
    func admit(_ caller: Caller) throws(ExhaustError)

    /// Whether `caller` may have reports of `dataset` at all; `metadata` is its row, if it has one, whose roles count before
    /// the setting's. Throws `forbidden`.
    func check(_ caller: Caller, dataset: String, metadata: DatasetMetadata?) throws(ExhaustError)

    /// Whether `caller` may have data of these batches (`access.batch`). Throws `forbidden`.
    func check(_ caller: Caller, batches: [BatchRecord]) throws(ExhaustError)
}

extension AccessControl {
    /// Whether `caller` may have only batches that they made or mentor.
    func isLimitedToOwnBatches(_ caller: Caller) throws(ExhaustError) -> Bool {
        try !mayHave(.nobodys, caller)
    }

    /// Whether `caller` may have a report about this batch.
    func mayHave(_ batch: BatchRecord, _ caller: Caller) throws(ExhaustError) -> Bool {
        try ExhaustError.refusal { () throws(ExhaustError) in try check(caller, batches: [batch]) } == nil
    }
}

extension BatchRecord {
    /// A batch that nobody made and nobody mentors: open to those alone who may have every batch.
    static let nobodys = BatchRecord(key: BatchKey(collection: "", batch: ""))
}

extension ExhaustError {
    /// The error by which `check` refuses; nil if it does not. Throws what else it throws.
    static func refusal(by check: () throws(ExhaustError) -> Void) throws(ExhaustError) -> ExhaustError? {
        do {
            try check()
            return nil
        } catch {
            guard error.code == .forbidden else { throw error }
            return error
        }
    }
}
