public import HTTPMessages
public import ReportModel

/// An answer.
public struct HTTPResponse: Sendable {
    /// What follows the head.
    public enum Body: Sendable {
        /// These bytes.
        case bytes([UInt8])
        /// Pieces until the end; `length` is their sum, nil if it is not known before.
        case stream(any HTTPBytes, length: Int64?)
    }

    /// The status code, such as 200.
    public var status: Int
    /// The header fields; the server adds `Date`, `Content-Length` or `Transfer-Encoding`, and `X-Request-ID`.
    public var fields: HTTPFields
    /// The body; not sent in answer to HEAD.
    public var body: Body

    /// An answer.
    public init(status: Int, fields: HTTPFields = [:], body: Body = .bytes([])) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

/// What answers requests.
public protocol HTTPHandler: Sendable {
    /// The answer to `request`; errors are answers too. The task is cancelled when the other side goes away.
    func respond(to request: HTTPRequest) async -> HTTPResponse

    /// The answer to a request that the server itself refuses, since it is ambiguous or over a limit. Called on a thread of
    /// the server: it must not block.
    func refusal(of request: HTTPRequest, status: Int, _ error: ExhaustError) -> HTTPResponse
}

extension HTTPHandler {
    /// Plain text.
    public func refusal(of request: HTTPRequest, status: Int, _ error: ExhaustError) -> HTTPResponse {
        HTTPResponse(
            status: status, fields: ["Content-Type": "text/plain; charset=utf-8"],
            body: .bytes(Array((error.description + "\n").utf8)))
    }
}
