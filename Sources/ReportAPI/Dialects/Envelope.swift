import HTTPMessages
import HTTPServer
import ReportModel

/// The envelope of upstream's answers (upstream.md 2.3; members and order as 2.14, 9).
enum Envelope {
    /// An answer with a result.
    static func success(_ result: JSONValue, id: String, at now: Timestamp) -> HTTPResponse {
        answer(
            200, id: id, at: now, params: [.init("status", .string("successful")), .init("client_key", .null)],
            code: "OK", result: result)
    }

    /// An answer that tells of an error.
    static func failure(_ error: ExhaustError, id: String, at now: Timestamp, status: Int? = nil) -> HTTPResponse {
        let status = status ?? error.code.httpStatus
        return failure(status: status, code: code(status), message: error.message, id: id, at: now)
    }

    /// An answer that tells of an error by upstream's own words.
    static func failure(status: Int, code: String, message: String, id: String, at now: Timestamp) -> HTTPResponse {
        answer(
            status, id: id, at: now,
            params: [
                .init("err", .string(code)), .init("status", .string("failed")), .init("errmsg", .string(message)),
                .init("client_key", .null),
            ], code: code, result: .null)
    }

    private static func code(_ status: Int) -> String {
        switch status {
        case 401, 403: "FORBIDDEN"
        case 404: "RESOURCE_NOT_FOUND"
        case 408: "REQUEST_TIMEOUT"
        case 400..<500: "CLIENT_ERROR"
        default: "SERVER_ERROR"
        }
    }

    private static func answer(
        _ status: Int, id: String, at now: Timestamp, params: [JSONValue.Member], code: String, result: JSONValue
    ) -> HTTPResponse {
        let body = JSONValue.object([
            .init("id", .string(id)), .init("ver", .string("1.0")), .init("ts", .string(now.iso8601)),
            .init("params", .object(params)), .init("responseCode", .string(code)), .init("result", result),
        ])
        return HTTPResponse(
            status: status, fields: ["Content-Type": "application/json"], body: .bytes(Array(body.compactText.utf8)))
    }
}
