import HTTPClient
import HTTPMessages
import ReportModel
import ServiceTesting
import Synchronization
import Testing

@Suite struct CurlClientTests {
    @Test func `method, fields and body arrive as they were given, and the answer comes back whole`() async throws {
        let server = try LoopbackServer { _ in
            .answer(201, "made", fields: ["ETag: \"x\"", "Set-Cookie: a", "Set-Cookie: b"])
        }
        defer { server.end() }
        let client = try await CurlClient()
        let answer = try await client.send(
            WebRequest(
                .put, server.address + "/a%20b/../c?x=1&y=%2F", fields: ["X-Empty": "", "Content-Type": "text/plain"],
                body: .bytes(Array("hello".utf8))))
        #expect(answer.status == 201 && answer.isSuccess)
        #expect(answer.body == Array("made".utf8))
        #expect(answer.fields["etag"] == "\"x\"")
        #expect(answer.fields.values("set-cookie") == ["a", "b"])
        let request = try #require(server.requests.first)
        #expect(request.line == "PUT /a%20b/../c?x=1&y=%2F HTTP/1.1")
        #expect(request.field("X-Empty") == "" && request.field("Content-Type") == "text/plain")
        #expect(request.field("Expect") == nil && request.field("User-Agent") == "exhaust")
        #expect(request.body == Array("hello".utf8))
        await client.close()
    }

    @Test(arguments: [HTTPMethod.get, .head, .post, .put, .delete])
    func `each method is sent with and without a body`(method: HTTPMethod) async throws {
        let server = try LoopbackServer { _ in .text("HTTP/1.1 204 X\r\n\r\n") }
        defer { server.end() }
        let client = try await CurlClient()
        _ = try await client.send(WebRequest(method, server.address))
        if method != .head {
            _ = try await client.send(WebRequest(method, server.address, body: .bytes([65, 66])))
            #expect(server.requests.last?.body == [65, 66])
        }
        #expect(server.requests.allSatisfy { $0.line == "\(method.rawValue) / HTTP/1.1" })
        #expect(server.requests.first?.field("Content-Type") == nil)
        await client.close()
    }

    @Test func `connections are used again`() async throws {
        let server = try LoopbackServer { _ in .answer(200, "x") }
        defer { server.end() }
        let client = try await CurlClient(CurlOptions(concurrency: 1))
        for _ in 0..<20 { _ = try await client.send(WebRequest(.get, server.address)) }
        #expect(server.requests.count == 20)
        #expect(server.requests.last?.connection == 1)
        await client.close()
    }

    @Test func `redirects are answers, and interim answers are passed over`() async throws {
        let server = try LoopbackServer {
            $0.number == 1
                ? .answer(302, fields: ["Location: file:///etc/passwd"])
                : .text("HTTP/1.1 103 X\r\nLink: y\r\n\r\nHTTP/1.1 200 X\r\nA: b\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.end() }
        let client = try await CurlClient()
        #expect(try await client.send(WebRequest(.get, server.address)).status == 302)
        let answer = try await client.send(WebRequest(.get, server.address))
        #expect(answer.status == 200 && answer.fields["Link"] == nil && answer.fields["A"] == "b")
        await client.close()
    }
}

/// Counts on any thread.
final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add(_ more: Int = 1) { count.withLock { $0 += more } }
}
