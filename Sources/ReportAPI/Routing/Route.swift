public import HTTPMessages
public import HTTPServer
public import ReportModel

/// One operation of the API: where it is found, who may call it, and how it answers, also when it fails.
public struct Route: Sendable {
    /// Who may call.
    public enum Access: Sendable, Hashable {
        /// Anybody: static assets, health.
        case open
        /// Whom `AccessControl` recognises; a session that changes something also sends the CSRF token.
        case caller
        /// As `caller`, but authorised by the handler itself, in upstream's order (upstream.md 2.9).
        case handler
    }

    /// How an error is told.
    public enum FailureForm: Sendable, Hashable {
        /// In upstream's envelope with this `id` (upstream.md 2.3).
        case envelope(id: String)
        /// As `application/problem+json` (RFC 9457).
        case problem
    }

    /// The method. HEAD is answered wherever GET is.
    public let method: HTTPMethod
    /// Where it is found.
    public let pattern: RoutePattern
    /// Its name in metrics, audit and the OpenAPI document, such as `submitRequest`; several paths may share it.
    public let operation: String
    /// Who may call.
    public let access: Access
    /// How errors are told.
    public let failure: FailureForm
    /// Bytes of a body at the most.
    public let bodyLimit: Int
    /// Answers.
    public let respond: @Sendable (APIRequest) async throws -> HTTPResponse

    /// An operation.
    public init(
        _ method: HTTPMethod, _ pattern: RoutePattern, operation: String, access: Access = .caller,
        failure: FailureForm = .problem, bodyLimit: Int = Route.defaultBodyLimit,
        respond: @escaping @Sendable (APIRequest) async throws -> HTTPResponse
    ) {
        self.method = method
        self.pattern = pattern
        self.operation = operation
        self.access = access
        self.failure = failure
        self.bodyLimit = bodyLimit
        self.respond = respond
    }

    /// Bytes of a body where the route does not say: upstream's limit is 10 MB (upstream.md 2.14, 7); no request of ours
    /// comes near 2 MiB.
    public static let defaultBodyLimit = 2 << 20
}

/// A request that was matched to its route and whose caller is known.
public struct APIRequest: Sendable {
    /// The request.
    public var http: HTTPRequest
    /// The values of the pattern's `{names}`, decoded.
    public var parameters: [String: String]
    /// Who calls; nil where the route is open or authorises by itself.
    public var caller: Caller?
    /// The limit of the route.
    public var bodyLimit: Int

    /// A matched request.
    public init(http: HTTPRequest, parameters: [String: String], caller: Caller?, bodyLimit: Int) {
        self.http = http
        self.parameters = parameters
        self.caller = caller
        self.bodyLimit = bodyLimit
    }

    /// The values of the query.
    public var query: QueryItems { QueryItems(parsing: http.query) }

    /// The caller of a route that is not open. Throws `internalFault` if there is none, which is a fault of the route table.
    public func knownCaller() throws(ExhaustError) -> Caller {
        guard let caller else { throw ExhaustError(.internalFault, "route: it is open, but needs a caller") }
        return caller
    }

    /// A value of the pattern. Throws `internalFault` if the pattern has no such name.
    public func parameter(_ name: String) throws(ExhaustError) -> String {
        guard let value = parameters[name] else { throw ExhaustError(.internalFault, "route: it has no \(name)") }
        return value
    }

    /// The whole body. Throws `limitExceeded`.
    public func body() async throws -> [UInt8] { try await http.wholeBody(limit: bodyLimit) }
}
