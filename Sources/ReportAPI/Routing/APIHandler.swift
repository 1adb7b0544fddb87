public import HTTPServer
import HTTPMessages
public import ReportModel
public import ReportPorts

/// Matches a request to its operation, finds out who calls, has it answered, and turns every error into an answer.
public struct APIHandler: HTTPHandler {
    private let table: RouteTable
    private let access: any AccessControl
    private let clock: any ServiceClock
    private let observer: any APIObserver
    private let auditing: Auditing?

    /// The handler of these operations; refused access is written down by `auditing`.
    public init(
        table: RouteTable, access: any AccessControl, clock: any ServiceClock, observer: any APIObserver,
        auditing: Auditing? = nil
    ) {
        self.table = table
        self.access = access
        self.clock = clock
        self.observer = observer
        self.auditing = auditing
    }

    /// The answer to `request`.
    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        let begun = ContinuousClock.now
        let match = table.match(request.method, request.path)
        var route: Route?
        let response: HTTPResponse
        switch match {
        case .route(let found, let parameters):
            route = found
            response = await answer(request, found, parameters)
        case .otherMethod(let methods): response = refuseMethod(request, methods)
        case .none:
            response = failure(
                ExhaustError(
                    .notFound, "\(request.path): there is nothing of that path",
                    remedy: "/openapi.json has all paths that there are."), request, route: nil)
        }
        observer.answered(request, route, status: response.status, after: begun.duration(to: .now))
        return response
    }

    /// The answer to a request that the server refuses before it is matched.
    public func refusal(of request: HTTPRequest, status: Int, _ error: ExhaustError) -> HTTPResponse {
        // Only to answer in the form that is expected there; the path is not gone along.
        let path = String(request.path.prefix { $0 != "?" })
        guard case .route(let route, _) = table.match(request.method, path) else {
            return failure(error, request, route: nil, status: status)
        }
        return failure(error, request, route: route, status: status)
    }

    private func answer(
        _ request: HTTPRequest, _ route: Route, _ parameters: [String: String]
    ) async -> HTTPResponse {
        var caller: Caller?
        do {
            if route.access == .caller { caller = try await access.caller(of: request) }
            return try await route.respond(
                APIRequest(http: request, parameters: parameters, caller: caller, bodyLimit: route.bodyLimit))
        } catch is CancellationError {
            return failure(Self.brokenOff, request, route: route, caller: caller, status: Self.clientGone)
        } catch {
            let error = Self.shaped(error)
            if error.isRefusal {
                await auditing?.noteRefusal(of: request, operation: route.operation, caller: caller, because: error)
            }
            return failure(error, request, route: route, caller: caller)
        }
    }

    private func refuseMethod(_ request: HTTPRequest, _ methods: [HTTPMethod]) -> HTTPResponse {
        let allowed = methods.map(\.rawValue).joined(separator: ", ")
        var response = failure(
            ExhaustError(
                .invalidInput, "\(request.method.rawValue): \(request.path) knows only \(allowed)",
                remedy: "Use one of these methods."), request, route: nil, status: 405)
        response.fields["Allow"] = allowed
        return response
    }

    private func failure(
        _ error: ExhaustError, _ request: HTTPRequest, route: Route?, caller: Caller? = nil, status: Int? = nil
    ) -> HTTPResponse {
        observer.failed(request, route, caller: caller, error)
        // A path that nobody knows may be of either family; upstream's clients expect the envelope (design.md 9).
        let isOurs =
            Self.ownPrefixes.contains { request.path.hasPrefix($0) } && !request.path.hasPrefix("/v1/jobrequest")
        let form = route?.failure ?? (isOurs ? .problem : .envelope(id: Self.unknownOperation))
        return FailureAnswer.make(
            error, form: form, requestID: request.requestID, at: clock.now(), status: status)
    }

    /// What paths of our own begin with.
    private static let ownPrefixes = ["/v1/", "/assets/"]

    private static let unknownOperation = "ekstep.analytics.unknown"

    /// Whoever sent it went away; the fault is not the service's.
    private static let brokenOff = ExhaustError(.cancelled, "request: it was broken off", mender: .requester)

    /// The status that web servers log for a client that went away before the answer (nginx); nobody receives it.
    private static let clientGone = 499

    private static func shaped(_ error: any Error) -> ExhaustError {
        if let error = error as? ExhaustError { return error }
        return ExhaustError(.internalFault, "request: a fault of this program", cause: error)
    }
}

/// What is told of every answer: to log, metrics and audit. Implementations do not block.
public protocol APIObserver: Sendable {
    /// A request was answered; `route` is nil if none was found.
    func answered(_ request: HTTPRequest, _ route: Route?, status: Int, after duration: Duration)

    /// An error became the answer; `route` is nil if none was found.
    func failed(_ request: HTTPRequest, _ route: Route?, caller: Caller?, _ error: ExhaustError)
}
