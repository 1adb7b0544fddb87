import HTTPClient
import HTTPMessages
import ReportModel
import ReportTesting
import Synchronization
import Testing

@Suite struct RepeatingTests {
    @Test(arguments: [408, 429, 500, 502, 503, 504])
    func `a server in trouble is asked again`(status: Int) async throws {
        let script = ScriptedClient([.status(status), .status(status), .status(200)])
        #expect(try await send(.get, script).status == 200)
        #expect(script.asked == 3)
    }

    @Test func `after the last attempt the answer is what it is`() async throws {
        let script = ScriptedClient(Array(repeating: .status(503), count: 9))
        #expect(try await send(.get, script).status == 503)
        #expect(script.asked == 3)
    }

    @Test(arguments: [200, 302, 400, 401, 403, 404, 409, 501])
    func `other answers are final`(status: Int) async throws {
        let script = ScriptedClient([.status(status)])
        #expect(try await send(.get, script).status == status)
        #expect(script.asked == 1)
    }

    @Test(arguments: [WebFailure.cut, .timedOut])
    func `what cannot be repeated is sent once, unless nothing was sent`(failure: WebFailure) async throws {
        let once = ScriptedClient([.fails(failure), .status(200)])
        await #expect(throws: ExhaustError.self) { _ = try await send(.post, once) }
        #expect(once.asked == 1)
        let busy = ScriptedClient([.status(503), .status(200)])
        #expect(try await send(.post, busy).status == 503)
        let notSent = ScriptedClient([.fails(.notConnected), .status(200)])
        #expect(try await send(.post, notSent).status == 200)
        let question = ScriptedClient([.fails(failure), .status(200)])
        #expect(try await send(.post, question, isRepeatable: true).status == 200)
    }

    @Test(arguments: [WebFailure.notTrusted, .leftAlone])
    func `what does not pass by itself is not repeated`(failure: WebFailure) async throws {
        let script = ScriptedClient([.fails(failure), .status(200)])
        await #expect(throws: ExhaustError.self) { _ = try await send(.get, script) }
        #expect(script.asked == 1)
    }

    @Test func `the wait is as long as the server asks, within the limit`() async throws {
        let script = ScriptedClient([.status(503, retryAfter: "3"), .status(503, retryAfter: "3600"), .status(200)])
        let clock = ManualClock()
        let client = RetryingClient(script, clock: clock)
        async let answer = client.send(WebRequest(.get, "http://a"))
        await clock.whenAsleep()
        clock.advance(seconds: 2.9)
        #expect(script.asked == 1)
        clock.advance(seconds: 0.1)
        await clock.whenAsleep()
        clock.advance(seconds: 5)
        #expect(try await answer.status == 200)
    }

    @Test func `a server that fails again and again is left alone, then tried once`() async throws {
        let script = ScriptedClient(Array(repeating: .status(500), count: 6) + [.fails(.cut), .status(200)])
        let clock = ManualClock()
        let breakers = Breakers(clock: clock)
        let client = BreakingClient(script, breakers: breakers)
        for _ in 0..<5 { _ = try await client.send(WebRequest(.get, "http://a/1")) }
        #expect(breakers.leftAlone == ["http://a"])
        await expectLeftAlone(client, "http://a/2", for: 5)
        #expect(script.asked == 5)
        clock.advance(seconds: 5)
        _ = try await client.send(WebRequest(.get, "http://a/3"))
        await expectLeftAlone(client, "http://a/4", for: 10)
        clock.advance(seconds: 10)
        await #expect(throws: ExhaustError.self) { _ = try await client.send(WebRequest(.get, "http://a")) }
        await expectLeftAlone(client, "http://a", for: 20)
        clock.advance(seconds: 20)
        #expect(try await client.send(WebRequest(.get, "http://a")).status == 200)
        #expect(breakers.leftAlone.isEmpty)
    }

    @Test func `servers do not answer for each other, and refusals are no failures`() async throws {
        let script = ScriptedClient(Array(repeating: .status(500), count: 5) + Array(repeating: .status(404), count: 9))
        let breakers = Breakers(clock: ManualClock())
        let client = BreakingClient(script, breakers: breakers)
        for _ in 0..<5 { _ = try await client.send(WebRequest(.get, "http://a")) }
        for _ in 0..<6 { _ = try await client.send(WebRequest(.get, "http://a:81")) }
        #expect(breakers.leftAlone == ["http://a"])
    }

    private func send(_ method: HTTPMethod, _ script: ScriptedClient, isRepeatable: Bool? = nil) async throws
        -> WebAnswer
    {
        let policy = RetryPolicy(firstDelay: 0)
        return try await RetryingClient(script, policy: policy, clock: ManualClock())
            .send(WebRequest(method, "http://a", isRepeatable: isRepeatable))
    }

    private func expectLeftAlone(_ client: BreakingClient, _ url: String, for seconds: Int) async {
        do {
            _ = try await client.send(WebRequest(.get, url))
            Issue.record("it was asked")
        } catch let error as ExhaustError {
            #expect(error.cause as? WebFailure == .leftAlone)
            #expect(error.message == "GET http://a: it failed 5 times in a row and is left alone for \(seconds) s")
        } catch {
            Issue.record(error)
        }
    }
}

/// Answers by a list.
final class ScriptedClient: WebClient {
    enum Step: Sendable {
        case status(Int, retryAfter: String? = nil)
        case fails(WebFailure)
    }

    private let steps: [Step]
    private let count = Mutex(0)
    var asked: Int { count.withLock { $0 } }

    init(_ steps: [Step]) { self.steps = steps }

    func send(_ request: WebRequest) async throws -> WebAnswer {
        let number = count.withLock { count in
            count += 1
            return count - 1
        }
        switch steps[number] {
        case .status(let status, let retryAfter):
            var fields = HTTPFields()
            fields["Retry-After"] = retryAfter
            return WebAnswer(status: status, fields: fields)
        case .fails(let failure): throw ExhaustError(.unavailable, "test", cause: failure)
        }
    }
}
