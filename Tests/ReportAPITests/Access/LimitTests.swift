import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@testable import ReportAPI

@Suite struct LimitTests {
    private let clock = ManualClock()

    @Test func `a bucket empties and fills again`() {
        let buckets = TokenBuckets(RateLimit(perSecond: 2, burst: 3))
        for _ in 0..<3 { #expect(buckets.take("a", at: clock.now()) == nil) }
        #expect(buckets.take("a", at: clock.now()) == 0.5)
        #expect(buckets.take("b", at: clock.now()) == nil)
        clock.advance(seconds: 0.5)
        #expect(buckets.take("a", at: clock.now()) == nil)
        #expect(buckets.take("a", at: clock.now()) != nil)
        clock.advance(seconds: 1_000)
        for _ in 0..<3 { #expect(buckets.take("a", at: clock.now()) == nil) }
        #expect(buckets.take("a", at: clock.now()) != nil)
    }

    @Test func `a clock that goes back neither gives nor takes`() {
        let buckets = TokenBuckets(RateLimit(perSecond: 1, burst: 2))
        #expect(buckets.take("a", at: clock.now()) == nil)
        #expect(buckets.take("a", at: clock.now().adding(seconds: -100)) == nil)
        #expect(buckets.take("a", at: clock.now().adding(seconds: -100)) == 1)
    }

    @Test func `names are forgotten, the oldest first, so that their number stays bounded`() {
        let buckets = TokenBuckets(RateLimit(perSecond: 0.001, burst: 1), names: 100)
        _ = buckets.take("kept", at: clock.now())
        for number in 0..<10_000 {
            _ = buckets.take("n\(number)", at: clock.now())
            if number % 20 == 0 { #expect(buckets.take("kept", at: clock.now()) != nil) }
        }
        #expect(buckets.count <= 100)
        #expect(buckets.take("n0", at: clock.now()) == nil)
    }

    @Test func `no limit is no limit`() {
        let buckets = TokenBuckets(RateLimit(perSecond: 0, burst: 1))
        for _ in 0..<1_000 { #expect(buckets.take("a", at: clock.now()) == nil) }
        #expect(buckets.count == 0)
    }

    @Test func `who asks too often is told when to come back, and others are not held up`() async throws {
        var scene = try AccessScene()
        scene.consumers.rows.append(.init(consumer: "c2", channel: "org-7"))
        scene.rules.consumerRate = RateLimit(perSecond: 0.1, burst: 2)
        let handler = try scene.api()
        func ask(_ consumer: String) async -> HTTPResponse {
            let fields: HTTPFields = ["X-Channel-ID": "org-7", "X-Consumer-ID": consumer]
            return await handler.respond(to: HTTPRequest(method: .get, path: "/v1/thing", fields: fields))
        }
        for _ in 0..<2 { #expect(await ask("c1").status == 200) }
        let refused = await ask("c1")
        #expect(refused.status == 429)
        #expect(refused.fields["Retry-After"] == "10")
        #expect(try refused.json["title"]?.text == "consumer c1: too many requests")
        #expect(await ask("c2").status == 200)
        scene.clock.advance(seconds: 10)
        #expect(await ask("c1").status == 200)
    }

    @Test func `a user has a limit of his own, whatever token he sends`() async throws {
        var scene = try AccessScene()
        scene.rules.userRate = RateLimit(perSecond: 0.1, burst: 1)
        let access = scene.access()
        func ask() async throws -> Caller {
            let fields: HTTPFields = [
                "X-Channel-ID": "org-7", "x-authenticated-user-token": try scene.token(["jti": .string("x")]),
            ]
            return try await access.caller(of: HTTPRequest(method: .get, path: "/v1/thing", fields: fields))
        }
        _ = try await ask()
        await #expect(throws: ExhaustError(.tooManyRequests, "user user-7: too many requests")) { try await ask() }
    }

    @Test(arguments: [
        (0, "203.0.113.9", "192.0.2.1"), (1, "203.0.113.9", "203.0.113.9"), (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"), (2, "203.0.113.9", "192.0.2.1"),
        (1, "<script>", "192.0.2.1"), (1, "", "192.0.2.1"), (1, "2001:db8::1", "2001:db8::1"),
        (1, String(repeating: "1", count: 65), "192.0.2.1"),
    ])
    func `only proxies of one's own say where a caller is`(proxies: Int, field: String, address: String) {
        let request = HTTPRequest(
            method: .get, path: "/", fields: ["X-Forwarded-For": field], peer: "192.0.2.1")
        #expect(ClientAddress(proxies: proxies).address(of: request) == address)
    }
}
