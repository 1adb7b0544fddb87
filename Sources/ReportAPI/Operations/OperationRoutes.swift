import HTTPMessages
import HTTPServer
import ReportModel

/// What those ask who run the program: whether it lives, whether it can work, how it does.
public enum OperationRoutes {
    /// The routes; also for a server that answers nothing else.
    public static func make(_ readiness: Readiness, _ metrics: MetricsReport?) -> [Route] {
        [health, ready(readiness)] + (metrics.map { [route($0)] } ?? [])
    }

    private static let health = Route(.get, "/health", operation: "health", access: .open) { _ in
        json(200, #"{"status":"up"}"#)
    }

    private static func ready(_ readiness: Readiness) -> Route {
        Route(.get, "/ready", operation: "ready", access: .open) { _ in
            let report = await readiness.report()
            return json(report.isReady ? 200 : 503, report.json.compactText)
        }
    }

    private static func route(_ metrics: MetricsReport) -> Route {
        Route(.get, "/metrics", operation: "metrics", access: .handler) { request in
            try metrics.check(request.http)
            return HTTPResponse(
                status: 200, fields: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"],
                body: .bytes(Array(await metrics.text().utf8)))
        }
    }

    private static func json(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, fields: ["Content-Type": "application/json"], body: .bytes(Array(text.utf8)))
    }
}
