import ReportModel

/// The cause of an error that is told with another status than that of its code.
struct AnswerStatus: Error, Sendable, Hashable {
    let status: Int

    init(_ status: Int) { self.status = status }
}

extension ExhaustError {
    /// A fault of what was sent, told with this status.
    static func badRequest(_ message: String, remedy: String = "", status: Int = 400) -> ExhaustError {
        ExhaustError(.invalidInput, message, remedy: remedy, cause: AnswerStatus(status))
    }

    /// This error, told as a fault of what was sent if it is one: a batch that is not there is not a page that is not there.
    var asBadRequest: ExhaustError {
        switch code {
        case .invalidInput, .notFound, .refused, .limitExceeded:
            ExhaustError(code, message, remedy: remedy, mender: mender, cause: AnswerStatus(400))
        default: self
        }
    }
}
