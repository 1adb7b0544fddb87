import HTTPMessages
import HTTPServer
import ReportAPI
import ReportModel
import ReportTesting
import Synchronization
import Testing

/// What log and metrics are told of answers.
@Suite struct APIObserverTests {
    private let observer = NotingObserver()

    private func respond(to method: HTTPMethod, _ path: String) async throws -> HTTPResponse {
        let table = RouteTable([
            Route(.get, "/v1/thing", operation: "showThing", access: .open) { _ in HTTPResponse(status: 200) },
            Route(.get, "/v1/slow", operation: "showSlow", access: .open) { _ in throw CancellationError() },
            Route(.get, "/v1/broken", operation: "showBroken", access: .open) { _ in throw Broken() },
        ])
        let handler = APIHandler(
            table: table, access: try AccessScene().access(), clock: ManualClock(), observer: observer)
        return await handler.respond(to: HTTPRequest(method: method, path: path))
    }

    @Test(arguments: [
        (HTTPMethod.get, "/v1/thing", "showThing 200"), (.get, "/v1/broken", "showBroken 500"),
        (.get, "/v1/nothing", "none 404"), (.post, "/v1/thing", "none 405"),
    ])
    func `every answer is told once, also that of a path that nobody knows`(
        method: HTTPMethod, path: String, told: String
    ) async throws {
        _ = try await respond(to: method, path)
        #expect(observer.answers == [told])
    }

    @Test func `a client that went away is no fault of the service`() async throws {
        let response = try await respond(to: .get, "/v1/slow")
        #expect(response.status == 499)
        #expect(observer.answers == ["showSlow 499"])
        #expect(observer.menders == [.requester])
    }
}

private struct Broken: Error {}

private final class NotingObserver: APIObserver {
    private let state = Mutex<(answers: [String], menders: [ExhaustError.Mender])>(([], []))

    var answers: [String] { state.withLock { $0.answers } }
    var menders: [ExhaustError.Mender] { state.withLock { $0.menders } }

    func answered(_ request: HTTPRequest, _ route: Route?, status: Int, after duration: Duration) {
        state.withLock { $0.answers.append("\(route?.operation ?? "none") \(status)") }
    }

    func failed(_ request: HTTPRequest, _ route: Route?, caller: Caller?, _ error: ExhaustError) {
        state.withLock { $0.menders.append(error.mender) }
    }
}
