import HTTPMessages
import HTTPServer
import ReportModel

/// How an error becomes an answer.
enum FailureAnswer {
    /// The answer that tells `error` in this form; `status` where it is not the code's own, such as 405.
    static func make(
        _ error: ExhaustError, form: Route.FailureForm, requestID: String, at now: Timestamp, status: Int? = nil
    ) -> HTTPResponse {
        let status = status ?? (error.cause as? AnswerStatus)?.status
        var response =
            switch form {
            case .envelope(let id): Envelope.failure(error, id: id, at: now, status: status)
            case .problem: problem(error, requestID: requestID, status: status ?? error.code.httpStatus)
            }
        if let wait = error.cause as? RetryAfter {
            response.fields["Retry-After"] = String(wait.seconds)
        } else if error.code == .unavailable || error.code == .tooManyRequests {
            response.fields["Retry-After"] = String(usualWait)
        }
        return response
    }

    /// Seconds after which to try again what is not to be had now, where nobody knows better.
    private static let usualWait = 5

    private static func problem(_ error: ExhaustError, requestID: String, status: Int) -> HTTPResponse {
        var members: [JSONValue.Member] = [
            .init("type", .string("about:blank")), .init("title", .string(error.message)),
            .init("status", .integer(status)), .init("code", .string(error.code.description)),
            .init("mender", .string(error.mender.rawValue)), .init("instance", .string("urn:request:\(requestID)")),
        ]
        if !error.remedy.isEmpty { members.append(.init("detail", .string(error.remedy))) }
        return HTTPResponse(
            status: status, fields: ["Content-Type": "application/problem+json"],
            body: .bytes(Array(JSONValue.object(members).compactText.utf8)))
    }
}
