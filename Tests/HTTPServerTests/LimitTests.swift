import Glibc
import HTTPMessages
import HTTPServer
import ReportModel
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct LimitTests {
    private let reading = ClosureHandler { request in
        do {
            return .text("\(try await request.wholeBody(limit: 1_000).count)")
        } catch let error as ExhaustError where error.code == .limitExceeded {
            return .text("too large", status: 413)
        }
    }

    @Test func `a body over the server's limit is refused before it is sent`() async throws {
        try await withServer(reading) { server in
            let address = server.address
            let answer = try await onThread {
                let client = try RawClient(address)
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
                return try client.answer()
            }
            #expect(answer?.status == 413)
            #expect(answer?.fields["connection"] == "close")
        }
        #expect(reading.asked.isEmpty)
    }

    @Test func `a body over the handler's limit is refused before it is sent`() async throws {
        try await withServer(reading) { server in
            let address = server.address
            let (answer, isClosed) = try await onThread {
                let client = try RawClient(address)
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n")
                return (try client.answer(), client.isClosed())
            }
            #expect(answer?.status == 413)
            #expect(answer?.text == "too large")
            #expect(isClosed)
        }
    }

    @Test func `who waits to be told to send is refused, or told`() async throws {
        try await withServer(reading) { server in
            let address = server.address
            let statuses = try await onThread {
                let refused = try RawClient(address)
                try refused.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n")
                let told = try RawClient(address)
                try told.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                let first = try told.answer()?.status
                try told.send("ab")
                return [try refused.answer()?.status, first, try told.answer()?.status]
            }
            #expect(statuses == [413, 100, 200])
        }
    }

    @Test func `a small body that is refused leaves the connection open`() async throws {
        try await withServer(reading) { server in
            let address = server.address
            let answers = try await onThread {
                let client = try RawClient(address)
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
                try client.send([UInt8](repeating: 0x61, count: 1_001))
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nb")
                return [try client.answer()?.text, try client.answer()?.text]
            }
            #expect(answers == ["too large", "1"])
        }
    }

    @Test func `an upload without a length is broken off soon after the limit`() async throws {
        let sent = Atomic<Int>(0)
        try await withServer(reading) {
            $0.drainBytes = 100_000
        } _: { server in
            let address = server.address
            try await onThread {
                let client = try RawClient(address)
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 0x61, count: 65_536) + Array("\r\n".utf8)
                // Sending fails when the server has closed; 200 MB would be all of it.
                while sent.load(ordering: .relaxed) < 200_000_000, (try? client.send(chunk)) != nil {
                    sent.add(chunk.count, ordering: .relaxed)
                }
            }
        }
        #expect(sent.load(ordering: .relaxed) < 50_000_000)
    }

    @Test(arguments: [
        ("/" + String(repeating: "a", count: 9_000), 414), ("/?" + String(repeating: "a", count: 9_000), 414),
        ("/" + String(repeating: "a", count: 60_000), 414),
    ])
    func `a long address is refused`(target: String, status: Int) async throws {
        let answer = try await answer(to: "GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(answer == status)
    }

    @Test func `a large or crowded head is refused`() async throws {
        let large = "X: \(String(repeating: "a", count: 60_000))\r\n"
        #expect(try await answer(to: "GET / HTTP/1.1\r\nHost: x\r\n\(large)\r\n") == 431)
        let many = (0..<101).map { "X\($0): a\r\n" }.joined()
        #expect(try await answer(to: "GET / HTTP/1.1\r\nHost: x\r\n\(many)\r\n") == 431)
    }

    private func answer(to text: String) async throws -> Int? {
        try await withServer(reading) { server in
            let address = server.address
            return try await onThread {
                let client = try RawClient(address)
                try client.send(text)
                return try client.answer()?.status
            }
        }
    }

    @Test func `connections over the limit wait until others end`() async throws {
        try await withServer(ClosureHandler { _ in .text("ok") }) { options in
            options.threads = 1
            options.connections = 3
            options.headSeconds = 1
        } _: { server in
            let address = server.address
            let status = try await onThread {
                let idle = try (0..<3).map { _ in try RawClient(address) }
                let waiting = try RawClient(address)
                try waiting.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                return try withExtendedLifetime(idle) { try waiting.answer()?.status }
            }
            #expect(status == 200)
        }
    }

    @Test func `one address cannot take all connections`() async throws {
        try await withServer(ClosureHandler { _ in .text("ok") }) {
            $0.connectionsPerAddress = 2
        } _: { server in
            let address = server.address
            let (first, isClosed) = try await onThread {
                let held = try (0..<2).map { _ in try RawClient(address) }
                for client in held {
                    try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                    _ = try client.answer()
                }
                let third = try RawClient(address)
                let isClosed = third.isClosed()
                return try withExtendedLifetime(held) {
                    try held[0].send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                    return (try held[0].answer()?.status, isClosed)
                }
            }
            #expect(first == 200)
            #expect(isClosed)
        }
    }
}
