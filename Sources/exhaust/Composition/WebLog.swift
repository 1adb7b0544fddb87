import HTTPMessages
import HTTPServer
import ReportAPI
import ReportModel
import ReportPorts

/// Log lines and metrics of requests. Lines hold no query, no body and no header: those carry names, passwords and tokens. Paths are
/// told by the pattern of their route, since they hold tags.
struct WebLog: APIObserver {
    private let log: any EventLog
    private let metrics: ServiceMetrics

    init(_ log: any EventLog, _ metrics: ServiceMetrics) {
        self.log = log
        self.metrics = metrics
    }

    func answered(_ request: HTTPRequest, _ route: Route?, status: Int, after duration: Duration) {
        metrics.answered(
            route?.operation ?? Self.noOperation, status: status,
            seconds: Double(duration.components.seconds)
                + Double(duration.components.attoseconds) / 1e18)
        // Probes and scrapes come every few seconds, and tell nothing when all is well.
        let level: LogLevel = status >= 500 ? .error : (route?.access == .open && status < 400 ? .debug : .info)
        log.log(
            level, "answered",
            [
                ("request", .string(request.requestID)), ("operation", .string(route?.operation ?? Self.noOperation)),
                ("method", .string(request.method.rawValue)), ("path", .string(route?.pattern.description ?? "")),
                ("status", .integer(status)), ("milliseconds", .integer(Self.milliseconds(duration))),
            ])
    }

    func failed(_ request: HTTPRequest, _ route: Route?, caller: Caller?, _ error: ExhaustError) {
        var values: [(name: String, value: JSONValue)] = [
            ("request", .string(request.requestID)), ("operation", .string(route?.operation ?? Self.noOperation)),
            ("code", .string(error.code.description)),
        ]
        // What callers did wrong is told to them; its text may quote what they sent.
        if error.mender != .requester { values.append(("error", .string(Self.chain(error)))) }
        log.log(error.mender == .requester ? .info : .error, "request-failed", values)
    }

    /// The operation of a path that is none of ours.
    private static let noOperation = "unknown"

    private static func chain(_ error: ExhaustError) -> String {
        guard let cause = error.cause else { return error.description }
        return "\(error.description) (\((cause as? ExhaustError).map(chain) ?? String(describing: cause)))"
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
    }
}
