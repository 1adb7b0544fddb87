public import HTTPMessages
import ReportModel

/// Sends requests. Errors name the scheme and host that were asked and nothing else of an address, since paths and queries
/// can hold ids of persons.
public protocol WebClient: Sendable {
    /// Sends `request` and reads the whole answer, whatever its status; redirects are answers too.
    ///
    /// Throws `invalidInput` for an address or field that cannot be sent, `limitExceeded` for an answer over its limit,
    /// `unavailable` if there is none (`WebFailure` is its cause), and `CancellationError`.
    func send(_ request: WebRequest) async throws -> WebAnswer
}

/// What a server answered.
public struct WebAnswer: Sendable, Hashable {
    /// The status, such as 200.
    public var status: Int
    /// The header fields.
    public var fields: HTTPFields
    /// The body.
    public var body: [UInt8]

    /// An answer.
    public init(status: Int, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Whether the status is one from 200 to 299.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// Whether the same request may well succeed later: 408, 429 and what servers answer while they are in trouble.
    public var mayPass: Bool { [408, 429, 500, 502, 503, 504].contains(status) }
}

/// Why there was no answer.
public enum WebFailure: Error, Sendable, Hashable {
    /// No connection came about, so nothing was sent.
    case notConnected
    /// The server's certificate is not one to trust.
    case notTrusted
    /// The time that the request had is over.
    case timedOut
    /// The connection broke, or what came is not HTTP.
    case cut
    /// The server failed so often that it is left alone for a while; nothing was sent.
    case leftAlone
}
