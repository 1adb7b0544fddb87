import HTTPMessages
import HTTPServer
import ReportModel

/// The paths of upstream's request API (upstream.md 2.1).
public enum DialectRoutes {
    /// All operations of the three dialects, and those of datasets.
    public static func make(_ ports: APIPorts) -> [Route] {
        let jobs = ["/job/request", "/data/v3/job/request"].flatMap { job($0, ports) }
        let datasets = ["/dataset/v1/request", "/request"].flatMap { dataset($0, ports) }
        let proxied = ["/v1/jobrequest", "/course/v1/jobrequest"].flatMap { proxy($0, ports) }
        return jobs + datasets + [search(ports)] + proxied + DatasetRoutes.make(ports)
    }

    private static func job(_ prefix: String, _ ports: APIPorts) -> [Route] {
        let requests = DialectRequests(ports: ports, dialect: JobDialect())
        return [
            submit(prefix, requests), list(prefix, requests),
            route(.get, "\(prefix)/read/{tag}/{requestId}", "readDatasetRequest", requests.dialect.ids.read) {
                try await requests.read($0, requestID: $0.parameter("requestId"))
            },
        ]
    }

    private static func dataset(_ prefix: String, _ ports: APIPorts) -> [Route] {
        let requests = DialectRequests(ports: ports, dialect: DatasetDialect())
        return [
            submit(prefix, requests), list(prefix, requests),
            route(.get, "\(prefix)/read/{tag}", "readDatasetRequest", requests.dialect.ids.read) {
                try await requests.read($0, requestID: $0.query["requestId"])
            },
        ]
    }

    private static func proxy(_ prefix: String, _ ports: APIPorts) -> [Route] {
        let requests = DialectRequests(ports: ports, dialect: ProxyDialect())
        return [submit(prefix, requests), list(prefix, requests)]
    }

    private static func submit(_ prefix: String, _ requests: DialectRequests) -> Route {
        route(.post, "\(prefix)/submit", "submitDatasetRequest", requests.dialect.ids.submit) {
            try await requests.submit($0)
        }
    }

    private static func list(_ prefix: String, _ requests: DialectRequests) -> Route {
        route(.get, "\(prefix)/list/{tag}", "listDatasetRequests", requests.dialect.ids.list) {
            try await requests.list($0)
        }
    }

    private static func search(_ ports: APIPorts) -> Route {
        let requests = DialectRequests(ports: ports, dialect: DatasetDialect())
        return route(.post, "/request/search", "searchDatasetRequests", requests.dialect.ids.search) {
            try await requests.search($0)
        }
    }

    /// An operation that authorises in upstream's order, and tells errors in the envelope.
    static func route(
        _ method: HTTPMethod, _ path: String, _ operation: String, _ id: String,
        respond: @escaping @Sendable (APIRequest) async throws -> HTTPResponse
    ) -> Route {
        Route(
            method, RoutePattern(path), operation: operation, access: .handler, failure: .envelope(id: id),
            respond: respond)
    }
}
