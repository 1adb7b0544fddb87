import HTTPMessages
import HTTPServer
import Testing

/// Requests that two programs on the way could read differently.
@Suite(.timeLimit(.minutes(1))) struct AmbiguousRequestTests {
    /// Sends `text` and then another request on the same connection, which must not be answered.
    private func refusal(_ text: String) async throws -> (status: Int?, asked: [String], isClosed: Bool) {
        let handler = ClosureHandler { _ in .text("let in") }
        return try await withServer(handler) { server in
            let address = server.address
            let (status, isClosed) = try await onThread {
                let client = try RawClient(address)
                try client.send(text)
                let status = try client.answer()?.status
                // What was sent is refused by now: this may find the connection closed.
                _ = try? client.send("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
                return (status, client.isClosed())
            }
            return (status, handler.asked, isClosed)
        }
    }

    @Test(arguments: [
        "Host: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Host: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n",
        "Host: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n",
        "Host: x\r\nContent-Length: 3, 3\r\n", "Host: x\r\nContent-Length: +3\r\n", "Host: x\r\nContent-Length: -3\r\n",
        "Host: x\r\nContent-Length: 0x3\r\n", "Host: x\r\nContent-Length:\r\n",
        "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Host: x\r\nTransfer-Encoding: gzip, chunked\r\n", "Host: x\r\nTransfer-Encoding: identity\r\n",
        "Host: x\r\nTransfer-Encoding: xchunked\r\n", "Host: x\r\nTransfer-Encoding : chunked\r\n", "",
        "Host: x\r\nHost: x\r\n", "Host: x\r\nHost: y\r\n", "Host:\r\n", "Host: a b\r\n", "Host: a/b\r\n",
        "Host: x\r\nBad Name: v\r\n", "Host: x\r\nX\u{1}: v\r\n", "Host: x\r\nX: a\u{1}b\r\n",
    ])
    func `a head that can be read in two ways is refused`(fields: String) async throws {
        let (status, asked, isClosed) = try await refusal("POST /p HTTP/1.1\r\n\(fields)\r\nabc")
        #expect([400, 501].contains(status))
        #expect(asked.isEmpty)
        #expect(isClosed)
    }

    @Test(arguments: [
        "http://x/", "//x/../y", "/a/../b", "/..", "/.", "/a/%2e%2e/b", "/a/.%2E", "/a%2f..%2fb", "/a\\..\\b",
        "/a%5c..%5cb",
        "/a%00b", "/a%0d%0ab", "/a%zz", "/a%2", "/%ff", "/a#b", "*", "x:443", "/a b", "/\u{7f}", "/ü", "/a\u{1}",
    ])
    func `a path that could mean another is refused`(target: String) async throws {
        let (status, asked, isClosed) = try await refusal("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(status == 400)
        #expect(asked.isEmpty)
        #expect(isClosed)
    }

    @Test func `a NUL does not hide the rest of a path`() async throws {
        #expect(try await refusal("GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n").asked.isEmpty)
    }

    @Test(arguments: ["HTTP/2.0", "HTTP/0.9", "HTTP/1", "http/1.1", "HTCPCP/1.0"])
    func `another protocol is not spoken`(version: String) async throws {
        let (status, asked, _) = try await refusal("GET /old \(version)\r\nHost: x\r\n\r\n")
        #expect(status.map { $0 >= 400 } ?? true)
        #expect(asked.isEmpty)
    }

    @Test func `HTTP 1.0 needs no Host and ends the connection`() async throws {
        let handler = ClosureHandler { _ in .text("let in") }
        try await withServer(handler) { server in
            let address = server.address
            let (answer, isClosed) = try await onThread {
                let client = try RawClient(address)
                try client.send("GET /old HTTP/1.0\r\n\r\n")
                return (try client.answer(), client.isClosed())
            }
            #expect(answer?.text == "let in")
            #expect(isClosed)
        }
    }

    @Test func `a body that nobody asked for is no further request`() async throws {
        let inner = "GET /inner HTTP/1.1\r\nHost: x\r\n\r\n"
        let handler = ClosureHandler { _ in .text("ok") }
        for method in ["GET", "POST", "DELETE", "PATCH", "HEAD"] {
            try await withServer(handler) { server in
                let address = server.address
                _ = try await onThread {
                    let client = try RawClient(address)
                    try client.send(
                        "\(method) /outer HTTP/1.1\r\nHost: x\r\nContent-Length: \(inner.utf8.count)\r\n\r\n\(inner)"
                            + "GET /after HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    return client.isClosed()
                }
            }
        }
        #expect(!handler.asked.contains("/inner"))
        #expect(handler.asked.count { $0 == "/after" } == 5)
    }
}
