import HTTPMessages
import HTTPServer
import ReportAPI
import Testing

@Suite struct RouteTableTests {
    private static func route(_ method: HTTPMethod, _ pattern: RoutePattern, _ operation: String) -> Route {
        Route(method, pattern, operation: operation) { _ in HTTPResponse(status: 200) }
    }

    private let table = RouteTable([
        route(.get, "/v1/requests/{tag}/{requestId}", "read"), route(.post, "/v1/requests", "submit"),
        route(.get, "/v1/requests/{tag}/latest", "latest"), route(.get, "/", "page"),
    ])

    private func found(_ method: HTTPMethod, _ path: String) -> (String, [String: String])? {
        if case .route(let route, let values) = table.match(method, path) { (route.operation, values) } else { nil }
    }

    @Test func `names take one decoded segment each, an escaped slash included`() {
        let match = found(.get, "/v1/requests/a%2Fb+c/R1")
        #expect(match?.0 == "read")
        #expect(match?.1 == ["tag": "a/b+c", "requestId": "R1"])
    }

    @Test func `the more exact of two patterns counts`() {
        #expect(found(.get, "/v1/requests/t/latest")?.0 == "latest")
    }

    @Test func `HEAD is answered wherever GET is`() { #expect(found(.head, "/")?.0 == "page") }

    @Test(arguments: ["/v1/requests/", "/v1/requests/a", "/v1/requests/a/b/c", "/v1/requests/%zz/R", "//", ""])
    func `another path is unknown`(path: String) {
        guard case .none = table.match(.get, path) else {
            Issue.record("\(path) was found")
            return
        }
    }

    @Test func `a path with another method names the right ones`() {
        guard case .otherMethod(let methods) = table.match(.delete, "/v1/requests") else {
            Issue.record("not told apart")
            return
        }
        #expect(methods == [.post])
    }
}
