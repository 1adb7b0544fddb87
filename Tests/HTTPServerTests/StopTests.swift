import HTTPMessages
import HTTPServer
import ReportModel
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct StopTests {
    @Test func `what is under way at a stop ends well, and nothing new begins`() async throws {
        let begun = Signal()
        let go = Signal()
        let handler = ClosureHandler { request in
            if request.path == "/slow" {
                begun.raise()
                await go.wait()
            }
            return .text("done")
        }
        let (client, idle, address) = try await withServer(handler) { server in
            let address = server.address
            let clients = try await onThread {
                let idle = try RawClient(address)
                try idle.send("GET /quick HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try idle.answer()
                let client = try RawClient(address)
                try client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
                return (ClientBox(client), ClientBox(idle), address)
            }
            await begun.wait()
            // The server begins to stop when this returns; the idle connection shows when it has.
            Task {
                _ = try await onThread { try clients.1.client.isClosed() }
                go.raise()
            }
            return clients
        }
        let answer = try await onThread { try client.client.answer() }
        #expect(answer?.text == "done")
        #expect(answer?.fields["connection"] == "close")
        let isRefused = await onThreadCatching { _ = try RawClient(address) }
        #expect(isRefused)
        _ = idle
    }

    @Test func `a stream of events ends in order`() async throws {
        let begun = Signal()
        let never = Signal()
        let bytes = ClosureBytes {
            begun.raise()
            await never.raiseWhenCancelled()
            throw CancellationError()
        }
        let handler = ClosureHandler { _ in HTTPResponse(status: 200, body: .stream(bytes, length: nil)) }
        let client = try await withServer(handler) { server in
            let address = server.address
            let client = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try client.head()
                return ClientBox(client)
            }
            await begun.wait()
            return client
        }
        #expect(try await onThread { try client.client.chunk() } == [])
    }

    @Test func `what takes longer than the limit is broken off`() async throws {
        let begun = Signal()
        let cancelled = Signal()
        let handler = ClosureHandler { _ in
            begun.raise()
            await cancelled.raiseWhenCancelled()
            return .text("never sent")
        }
        let client = try await withServer(handler) {
            $0.stopSeconds = 0.2
        } _: { server in
            let address = server.address
            let client = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                return ClientBox(client)
            }
            await begun.wait()
            return client
        }
        await cancelled.wait()
        #expect(try await onThread { try client.client.answer() } == nil)
    }

    @Test func `a port that is taken is named`() async throws {
        try await withServer(ClosureHandler { _ in .text("") }) { server in
            let error = await #expect(throws: ExhaustError.self) {
                try await withServer(ClosureHandler { _ in .text("") }) {
                    $0.listen = server.address
                } _: { _ in
                }
            }
            #expect(error?.code == .conflict)
            #expect(error?.message.contains(server.address.description) == true)
        }
    }

    @Test func `a certificate that is none is refused`() async throws {
        let error = await #expect(throws: ExhaustError.self) {
            try await withServer(ClosureHandler { _ in .text("") }) {
                $0.tls = TLSIdentity(certificate: "no certificate", key: "no key")
            } _: { _ in
            }
        }
        #expect(error?.code == .invalidInput)
    }

    @Test func `the load tells connections and requests`() async throws {
        let begun = Signal()
        let go = Signal()
        let handler = ClosureHandler { _ in
            begun.raise()
            await go.wait()
            return .text("")
        }
        try await withServer(handler) { server in
            let address = server.address
            let client = try await onThread {
                let client = try RawClient(address)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                return ClientBox(client)
            }
            await begun.wait()
            #expect(server.load.connections == 1)
            #expect(server.load.requests == 1)
            go.raise()
            _ = try await onThread { try client.client.answer() }
        }
    }
}

/// Whether `body` throws.
func onThreadCatching(_ body: @escaping @Sendable () throws -> Void) async -> Bool {
    do {
        try await onThread(body)
        return false
    } catch {
        return true
    }
}
