import HTTPMessages
import HTTPServer
import Testing

@Suite(.timeLimit(.minutes(1))) struct AnswerTests {
    private let echo = ClosureHandler { request in
        let body = String(decoding: try await request.wholeBody(limit: 1 << 20), as: UTF8.self)
        let fields = request.fields.values("X-Word").joined(separator: "+")
        return .text(
            "\(request.method.rawValue) \(request.path) ? \(request.query) \(fields) [\(body)] \(request.peer)")
    }

    @Test func `a handler sees the request, and the client its answer`() async throws {
        try await withServer(echo) { server in
            let address = server.address
            let answer = try await onThread {
                let client = try RawClient(address)
                try client.send(
                    "POST /a%20b/%2F?q=%31&r HTTP/1.1\r\nHost: x\r\nX-Word:  one \r\nX-Word: two\r\n"
                        + "Content-Length: 3\r\n\r\nabc")
                return try client.answer()
            }
            #expect(answer?.status == 200)
            #expect(answer?.text == "POST /a%20b/%2F ? q=%31&r one+two [abc] 127.0.0.1")
            #expect(answer?.fields["content-type"] == "text/plain")
            #expect(answer?.fields["date"]?.hasSuffix(" GMT") == true)
        }
    }

    @Test func `a connection carries one request after another, also sent at once`() async throws {
        try await withServer(echo) { server in
            let address = server.address
            let texts = try await onThread {
                let client = try RawClient(address)
                try client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n")
                var texts = [try client.answer()?.text]
                try client.send(
                    "POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
                        + "GET /3 HTTP/1.1\r\nHost: x\r\n\r\nDELETE /4 HTTP/1.1\r\nHost: x\r\n\r\n")
                for _ in 2...4 { texts.append(try client.answer()?.text) }
                return texts
            }
            #expect(
                texts == [
                    "GET /1 ?   [] 127.0.0.1", "POST /2 ?   [abc] 127.0.0.1", "GET /3 ?   [] 127.0.0.1",
                    "DELETE /4 ?   [] 127.0.0.1",
                ])
        }
    }

    @Test func `HEAD gets the head of the answer alone`() async throws {
        try await withServer(echo) { server in
            let address = server.address
            let (head, next) = try await onThread {
                let client = try RawClient(address)
                try client.send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\nGET /g HTTP/1.1\r\nHost: x\r\n\r\n")
                return (try client.answer(isHead: true), try client.answer())
            }
            #expect(head?.status == 200)
            #expect(head?.fields["content-length"] == "\("HEAD /h ?   [] 127.0.0.1".utf8.count)")
            #expect(next?.text == "GET /g ?   [] 127.0.0.1")
        }
    }

    @Test func `every answer carries a request id of its own`() async throws {
        try await withServer(echo) { server in
            let address = server.address
            let ids = try await onThread {
                let client = try RawClient(address)
                try client.send(
                    "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\n\r\n")
                return try (1...3).map { _ in try client.answer()?.fields["x-request-id"] ?? "" }
            }
            #expect(Set(ids).count == 3)
            #expect(ids.allSatisfy { !$0.isEmpty })
        }
    }

    @Test(arguments: [
        ("gateway-7.a_B", true), (String(repeating: "x", count: 65), false), ("a b", false), ("a\"", false),
    ])
    func `a client's request id is kept if it is harmless`(sent: String, isKept: Bool) async throws {
        try await withServer(echo) { server in
            let address = server.address
            let id = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Request-ID: \(sent)\r\n\r\n")
                return try client.answer()?.fields["x-request-id"]
            }
            #expect((id == sent) == isKept)
        }
    }

    @Test func `protective fields are on every answer unless the handler sets them`() async throws {
        let handler = ClosureHandler { _ in
            var response = HTTPResponse.text("x")
            response.fields["Cache-Control"] = "max-age=9"
            return response
        }
        try await withServer(handler) { server in
            let address = server.address
            let (answer, refused) = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /.. HTTP/1.1\r\nHost: x\r\n\r\n")
                return (try client.answer(), try client.answer())
            }
            #expect(answer?.fields["cache-control"] == "max-age=9")
            #expect(refused?.status == 400)
            #expect(refused?.fields["cache-control"] == "no-store")
            for field in HTTPServerOptions.protectiveFields.all {
                #expect(answer?.fields[field.name.lowercased()] != nil)
                #expect(refused?.fields[field.name.lowercased()] == field.value)
            }
        }
    }

    @Test func `a field that would break the head off closes the connection instead`() async throws {
        let handler = ClosureHandler { _ in
            HTTPResponse(status: 200, fields: ["X-Bad": "a\r\nX-Forged: b"], body: .bytes([]))
        }
        try await withServer(handler) { server in
            let address = server.address
            let answer = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                return try client.answer()
            }
            #expect(answer == nil)
        }
    }

    @Test(arguments: [0, 1, 65_536, 65_537, 1_000_000])
    func `bodies of all sizes arrive whole`(count: Int) async throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let handler = ClosureHandler { request in
            request.path == "/stream"
                ? HTTPResponse(status: 200, body: .stream(Pieces(bytes.isEmpty ? [] : [bytes]), length: Int64(count)))
                : HTTPResponse(status: 200, body: .bytes(bytes))
        }
        try await withServer(handler) { server in
            let address = server.address
            let answers = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
                return [try client.answer()?.body, try client.answer()?.body]
            }
            #expect(answers == [bytes, bytes])
        }
    }
}
