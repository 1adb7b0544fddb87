import HTTPMessages
import HTTPServer
import ReportModel

/// What those ask who run the program: whether it lives, whether it can work, how it does.
public enum OperationRoutes {
    /// The routes; also for a server that answers nothing else.
    public static func make(_ readiness: Readiness) -> [Route] { [health, ready(readiness)] }

    private static let health = Route(.get, "/health", operation: "health", access: .open) { _ in
        HTTPResponse(
            status: 200, fields: ["Content-Type": "application/json"], body: .bytes(Array(#"{"status":"up"}"#.utf8)))
    }

    private static func ready(_ readiness: Readiness) -> Route {
        Route(.get, "/ready", operation: "ready", access: .open) { _ in
            let report = await readiness.report()
            return HTTPResponse(
                status: report.isReady ? 200 : 503, fields: ["Content-Type": "application/json"],
                body: .bytes(Array(report.json.compactText.utf8)))
        }
    }
}
