import HTTPMessages
import HTTPServer
import ReportModel

/// The envelope of upstream's answers (upstream.md 2.3; members and order as 2.14, 9).
enum Envelope {
    /// An answer with a result. The oldest dialect knows no `client_key`.
    static func success(
        _ result: JSONValue, id: String, at now: Timestamp, hasClientKey: Bool = true
    ) -> HTTPResponse {
        var params: [JSONValue.Member] = [messageID, .init("status", .string("successful"))]
        if hasClientKey { params.append(.init("client_key", .null)) }
        return answer(200, id: id, at: now, params: params, code: "OK", result: result)
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
                messageID, .init("err", .string(code)), .init("status", .string("failed")),
                .init("errmsg", .string(message)), .init("client_key", .null),
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

    /// A new id for each answer, in the form of a random UUID (RFC 9562, 5.4).
    private static var messageID: JSONValue.Member {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text: [UInt8] = []
        text.reserveCapacity(36)
        let digits = Array("0123456789abcdef".utf8)
        for (place, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(place) { text.append(UInt8(ascii: "-")) }
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return .init("resmsgid", .string(String(decoding: text, as: UTF8.self)))
    }

    private static func answer(
        _ status: Int, id: String, at now: Timestamp, params: [JSONValue.Member], code: String, result: JSONValue
    ) -> HTTPResponse {
        // Upstream writes the offset out.
        let time = now.iso8601
        let body = JSONValue.object([
            .init("id", .string(id)), .init("ver", .string("1.0")),
            .init("ts", .string(time.hasSuffix("Z") ? "\(time.dropLast())+00:00" : time)),
            .init("params", .object(params)), .init("responseCode", .string(code)), .init("result", result),
        ])
        return HTTPResponse(
            status: status, fields: ["Content-Type": "application/json"], body: .bytes(Array(body.compactText.utf8)))
    }
}
