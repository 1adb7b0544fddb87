import Glibc
import HTTPMessages
import HTTPServer
import ReportModel
import Synchronization
import Testing

/// Clients that hold on to what they have. Every test waits for the server to close the connection, which it has to do by
/// itself: the client's own limit is far longer.
@Suite(.timeLimit(.minutes(2))) struct SlowClientTests {
    private let handler = ClosureHandler { request in
        .text("\(try await request.wholeBody(limit: 1 << 20).count)")
    }

    private func quick(_ options: inout HTTPServerOptions) {
        options.headSeconds = 1
        options.idleSeconds = 1
        options.slowSeconds = 1
    }

    /// Sends `text` a byte at a time, ten a second, until the connection is closed or the text has an end.
    private static func drip(_ text: String, to client: RawClient) throws -> Bool {
        for byte in text.utf8 {
            guard (try? client.send([byte])) != nil else { return true }
            var readable = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&readable, 1, 100) > 0 { return client.isClosed() }
        }
        return false
    }

    @Test func `a head that drips in does not hold the connection`() async throws {
        try await withServer(handler, quick) { server in
            let address = server.address
            let isClosed = try await onThread {
                let client = try RawClient(address)
                return try Self.drip(
                    "GET / HTTP/1.1\r\nHost: x\r\nX-Long: \(String(repeating: "a", count: 1_000))\r\n\r\n", to: client)
            }
            #expect(isClosed)
        }
        #expect(handler.asked.isEmpty)
    }

    @Test func `the second head of a connection may not drip in either`() async throws {
        try await withServer(handler, quick) { server in
            let address = server.address
            let (first, isClosed) = try await onThread {
                let client = try RawClient(address)
                try client.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n")
                let first = try client.answer()?.status
                return (first, try Self.drip("GET /\(String(repeating: "a", count: 1_000))", to: client))
            }
            #expect(first == 200)
            #expect(isClosed)
        }
        #expect(handler.asked == ["/first"])
    }

    @Test func `a body that drips in does not hold its handler`() async throws {
        let failure = Mutex<ExhaustError?>(nil)
        let failed = Signal()
        let handler = ClosureHandler { request in
            do {
                return .text("\(try await request.wholeBody(limit: 1 << 20).count)")
            } catch let error as ExhaustError {
                failure.withLock { $0 = error }
                failed.raise()
                throw error
            }
        }
        try await withServer(handler, quick) { server in
            let address = server.address
            let isClosed = try await onThread {
                let client = try RawClient(address)
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
                return try Self.drip(String(repeating: "a", count: 1_000), to: client)
            }
            #expect(isClosed)
            await failed.wait()
        }
        #expect(failure.withLock { $0 }?.code == .unavailable)
    }

    @Test func `a body may not take longer than its limit, however steady it comes`() async throws {
        try await withServer(handler) { options in
            options.bodySeconds = 1
            options.minimumRate = 0
        } _: { server in
            let address = server.address
            let isClosed = try await onThread {
                let client = try RawClient(address)
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
                return try Self.drip(String(repeating: "a", count: 1_000), to: client)
            }
            #expect(isClosed)
        }
    }

    @Test func `an idle connection is closed`() async throws {
        try await withServer(handler, quick) { server in
            let address = server.address
            let isClosed = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try client.answer()
                return client.isClosed()
            }
            #expect(isClosed)
        }
    }

    @Test(arguments: ["/stream", "/large"])
    func `a client that takes an answer slowly is cut off`(path: String) async throws {
        let large = [UInt8](repeating: 0x63, count: 64 << 20)
        let handler = ClosureHandler { request in
            if request.path == "/large" { return HTTPResponse(status: 200, body: .bytes(large)) }
            let bytes = ClosureBytes {
                // Never ends by itself.
                try Task.checkCancellation()
                return [UInt8](repeating: 0x63, count: 1 << 20)
            }
            return HTTPResponse(status: 200, body: .stream(bytes, length: nil))
        }
        try await withServer(handler) { options in
            options.slowSeconds = 1
            options.minimumRate = 1 << 30
            options.idleSeconds = 60
        } _: { server in
            let address = server.address
            let isCutOff = try await onThread {
                let client = try RawClient(address)
                try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                // A stream can be late for want of a processor, and then it is not the client that is waited for.
                for _ in 0..<(path == "/stream" ? 10 : 1) {
                    if try Self.takeSlowly(client, atMost: large.count) < large.count { return true }
                }
                return false
            }
            #expect(isCutOff)
        }
    }

    /// Takes a few bytes now and then, for longer than the server has patience, and after that what was on its way, up to
    /// `limit` bytes; answers how many came.
    private static func takeSlowly(_ client: RawClient, atMost limit: Int) throws -> Int {
        // Until nothing more comes, because what the system holds is full and the server has to wait.
        var (held, rounds) = (0, 0)
        for _ in 0..<80 where held == 0 || rounds < 4 {
            _ = poll(nil, 0, 250)
            let now = client.waitingCount()
            rounds = now == held ? rounds + 1 : 0
            held = now
        }
        var taken = 0
        for _ in 0..<150 {
            taken += try client.read(1_000).count
            _ = poll(nil, 0, 20)
        }
        while taken < limit {
            let piece = try client.read(1 << 20)
            if piece.isEmpty { break }
            taken += piece.count
        }
        return taken
    }

    @Test func `a quiet stream is no slow client`() async throws {
        let pieces = Mutex(0)
        let handler = ClosureHandler { _ in
            let bytes = ClosureBytes {
                let number = pieces.withLock { pieces in
                    pieces += 1
                    return pieces
                }
                guard number <= 3 else { return nil }
                // Longer than every limit of the server.
                try await onThread { _ = poll(nil, 0, 1_500) }
                return [UInt8(0x30 + number)]
            }
            return HTTPResponse(status: 200, body: .stream(bytes, length: nil))
        }
        try await withServer(handler, quick) { server in
            let address = server.address
            let answer = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                return try client.answer()
            }
            #expect(answer?.text == "123")
        }
    }
}
