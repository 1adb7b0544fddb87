public import HTTPMessages

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
}
