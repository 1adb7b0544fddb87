import Glibc
import HTTPMessages
import HTTPServer
import ReportModel
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct StreamingTests {
    @Test func `pieces of a body arrive as they are sent`() async throws {
        let first = Signal()
        let handler = ClosureHandler { request in
            let piece = try await request.body.next() ?? []
            first.raise()
            var rest: [UInt8] = []
            while let more = try await request.body.next() { rest += more }
            return .text("\(String(decoding: piece, as: UTF8.self))|\(String(decoding: rest, as: UTF8.self))")
        }
        try await withServer(handler) { server in
            let address = server.address
            let client = try await onThread {
                let client = try RawClient(address)
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                return ClientBox(client)
            }
            // The rest is only sent when the handler has the first piece.
            await first.wait()
            let answer = try await onThread {
                try client.client.send("2\r\nde\r\n0\r\n\r\n")
                return try client.client.answer()
            }
            #expect(answer?.text == "abc|de")
        }
    }

    @Test func `a client has to wait while the handler does not read`() async throws {
        let go = Signal()
        let total = 64 << 20
        let handler = ClosureHandler { request in
            var count = try await request.body.next()?.count ?? 0
            await go.wait()
            while let piece = try await request.body.next() { count += piece.count }
            return .text("\(count)")
        }
        try await withServer(handler) {
            $0.bodyBytes = Int64(total)
        } _: { server in
            let address = server.address
            let (client, sent) = try await onThread {
                let client = try RawClient(address)
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(total)\r\n\r\n")
                let block = [UInt8](repeating: 0x61, count: 1 << 20)
                var sent = 0
                while sent < total {
                    let count = client.sendWithoutWaiting(block)
                    sent += count
                    var writable = pollfd(fd: client.descriptor, events: Int16(POLLOUT), revents: 0)
                    // Nothing moves for half a second: whoever could take something has taken it.
                    if count == 0, poll(&writable, 1, 500) == 0 { break }
                }
                return (ClientBox(client), sent)
            }
            // What the kernel and the server hold between them, and no more.
            #expect(sent < total / 2)
            go.raise()
            let answer = try await onThread {
                try client.client.send([UInt8](repeating: 0x61, count: total - sent))
                return try client.client.answer()
            }
            #expect(answer?.text == "\(total)")
        }
    }

    @Test func `what a stream gives is sent at once`() async throws {
        let seen = Signal()
        let state = Mutex(0)
        let handler = ClosureHandler { _ in
            let bytes = ClosureBytes {
                let place = state.withLock { state in
                    state += 1
                    return state
                }
                if place == 1 { return Array("event: a\n\n".utf8) }
                if place > 2 { return nil }
                await seen.wait()
                return Array("event: b\n\n".utf8)
            }
            return HTTPResponse(
                status: 200, fields: ["Content-Type": "text/event-stream"], body: .stream(bytes, length: nil))
        }
        try await withServer(handler) { server in
            let address = server.address
            let (client, first) = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try client.head()
                return (ClientBox(client), try client.chunk())
            }
            #expect(first.map { String(decoding: $0, as: UTF8.self) } == "event: a\n\n")
            seen.raise()
            let rest = try await onThread { [try client.client.chunk(), try client.client.chunk()] }
            #expect(rest == [Array("event: b\n\n".utf8), []])
        }
    }

    @Test func `a stream is not read faster than its client takes it`() async throws {
        let made = Atomic<Int>(0)
        let total = 128
        let bytes = ClosureBytes {
            let number = made.add(1, ordering: .relaxed).newValue
            return number > total ? nil : [UInt8](repeating: 0x62, count: 1 << 20)
        }
        let handler = ClosureHandler { _ in
            HTTPResponse(status: 200, body: .stream(bytes, length: Int64(total) << 20))
        }
        try await withServer(handler) { server in
            let address = server.address
            let count = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try client.head()
                var readable = pollfd(fd: client.descriptor, events: 0, revents: 0)
                // The client takes nothing for a while.
                _ = poll(&readable, 1, 500)
                let before = made.load(ordering: .relaxed)
                #expect(before < total / 2)
                var count = client.leftover().count
                while count < total << 20 {
                    let piece = try client.read(1 << 20)
                    if piece.isEmpty { break }
                    count += piece.count
                }
                return count
            }
            #expect(count == total << 20)
        }
    }

    @Test func `a stream that fails ends broken, not short`() async throws {
        struct Failure: Error {}
        let handler = ClosureHandler { request in
            let pieces = Pieces([Array("half".utf8)])
            let bytes = ClosureBytes {
                guard let piece = try await pieces.next() else { throw Failure() }
                return piece
            }
            return HTTPResponse(status: 200, body: .stream(bytes, length: request.path == "/known" ? 8 : nil))
        }
        try await withServer(handler) { server in
            let address = server.address
            let ends = try await onThread {
                let client = try RawClient(address)
                try client.send("GET /chunked HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try client.head()
                return [try client.chunk(), try client.chunk()]
            }
            #expect(ends == [Array("half".utf8), nil])
            let known = try await onThread {
                let client = try RawClient(address)
                try client.send("GET /known HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try client.answer()
                return (answer?.body, client.isClosed())
            }
            #expect(known.0 == Array("half".utf8) && known.1)
        }
    }

    @Test func `a handler is cancelled when its client goes away`() async throws {
        let begun = Signal()
        let cancelled = Signal()
        let handler = ClosureHandler { _ in
            begun.raise()
            await cancelled.raiseWhenCancelled()
            return .text("too late")
        }
        try await withServer(handler) { server in
            let address = server.address
            let client = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                return ClientBox(client)
            }
            await begun.wait()
            client.drop()
            await cancelled.wait()
        }
    }

    @Test func `a quiet stream is cancelled when its client goes away`() async throws {
        let begun = Signal()
        let cancelled = Signal()
        let bytes = ClosureBytes {
            begun.raise()
            await cancelled.raiseWhenCancelled()
            return nil
        }
        let handler = ClosureHandler { _ in HTTPResponse(status: 200, body: .stream(bytes, length: nil)) }
        try await withServer(handler) { server in
            let address = server.address
            let client = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try client.head()
                return ClientBox(client)
            }
            await begun.wait()
            client.drop()
            await cancelled.wait()
        }
    }
}

/// Takes a client from one thread to the next; only one uses it at a time.
final class ClientBox: @unchecked Sendable {
    private var held: RawClient?

    init(_ client: RawClient) { held = client }

    var client: RawClient {
        get throws {
            guard let held else { throw ClientFailure("the client was dropped") }
            return held
        }
    }

    /// Closes the connection.
    func drop() { held = nil }
}
