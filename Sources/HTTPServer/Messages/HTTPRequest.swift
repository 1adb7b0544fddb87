public import HTTPMessages
import ReportModel

/// A request, its head complete and its body still arriving.
public struct HTTPRequest: Sendable {
    /// The method.
    public var method: HTTPMethod
    /// The path as it was sent, still percent-encoded, beginning with `/`, without the query.
    public var path: String
    /// What follows the `?`, still encoded; empty without one.
    public var query: String
    /// The header fields, values trimmed.
    public var fields: HTTPFields
    /// The address of the other end of the connection, such as `127.0.0.1`.
    public var peer: String
    /// Names this request in the answer (`X-Request-ID`) and in every log line.
    public var requestID: String
    /// The body.
    public var body: any HTTPBytes

    /// A request.
    public init(
        method: HTTPMethod, path: String, query: String = "", fields: HTTPFields = [:], peer: String = "127.0.0.1",
        requestID: String = "", body: any HTTPBytes = NoBytes()
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.peer = peer
        self.requestID = requestID
        self.body = body
    }

    /// The whole body. Throws `limitExceeded` if it is over `limit` bytes.
    public func wholeBody(limit: Int) async throws -> [UInt8] {
        // Known before any of it is read: the answer comes at once.
        if let length = fields["Content-Length"].flatMap(Int.init), length > limit { throw Self.tooLarge(limit) }
        var bytes: [UInt8] = []
        while let piece = try await body.next() {
            guard bytes.count + piece.count <= limit else { throw Self.tooLarge(limit) }
            bytes += piece
        }
        return bytes
    }

    private static func tooLarge(_ limit: Int) -> ExhaustError {
        ExhaustError(.limitExceeded, "request body: over \(limit) bytes", remedy: "Send a smaller request.")
    }
}
