import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts
import ReportService

/// Progress as server-sent events (WHATWG HTML, 9.2): one request, or all that the caller sees.
enum EventRoutes {
    static func make(_ ports: APIPorts, _ gate: RequestGate) -> [Route] {
        [
            Route(.get, "/v1/events", operation: "watchRequests") { request in
                let caller = try request.knownCaller()
                return try await answer(request, caller, .channel(caller.channel), ports, gate)
            },
            Route(.get, "/v1/requests/{tag}/{requestId}/events", operation: "watchRequest") { request in
                let caller = try request.knownCaller()
                let document = try await gate.document(request, for: caller)
                return try await answer(
                    request, caller, .request(document.request.key, channel: caller.channel), ports, gate)
            },
        ]
    }

    private static func answer(
        _ request: APIRequest, _ caller: Caller, _ scope: RequestWatch.Scope, _ ports: APIPorts, _ gate: RequestGate
    ) async throws -> HTTPResponse {
        // HEAD asks what GET would answer, and opens no stream.
        let fields: HTTPFields = [
            "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
        ]
        if request.http.method == .head { return HTTPResponse(status: 200, fields: fields) }
        let lastID = request.http.fields["Last-Event-ID"] ?? request.query["lastEventId"]
        let events = try await ports.watch.listen(to: scope, caller: caller.linkHolder, after: lastID)
        let stream = EventStream(events: events, request: request.http, caller: caller, gate: gate)
        return HTTPResponse(status: 200, fields: fields, body: .stream(stream, length: nil))
    }
}

/// The events of one listener as text. Everything is checked again at the time at which it is told.
struct EventStream: HTTPBytes {
    private let events: AsyncStream<RequestWatch.Event>
    private let request: HTTPRequest
    private let caller: Caller
    private let gate: RequestGate
    private let beginning = Beginning()

    init(events: AsyncStream<RequestWatch.Event>, request: HTTPRequest, caller: Caller, gate: RequestGate) {
        self.events = events
        self.request = request
        self.caller = caller
        self.gate = gate
    }

    /// Whether the first bytes were given, which tell the reader that the stream is open.
    private actor Beginning {
        private var isOver = false

        func take() -> Bool {
            defer { isOver = true }
            return !isOver
        }
    }

    func next() async throws -> [UInt8]? {
        if await beginning.take() { return Array(": open\nretry: 2000\n\n".utf8) }
        // Who reads from a stream of this kind goes on where the last reader ended.
        var events = events.makeAsyncIterator()
        while let event = await events.next() {
            switch event {
            case .heartbeat:
                // The session may have ended meanwhile; then so does the stream, and coming back tells why.
                guard try await isStillWelcome() else { return nil }
                return Array(": heartbeat\n\n".utf8)
            case .changed(let id, let document):
                guard try await gate.mayShow(document, to: caller) else { continue }
                let data = document.json(for: caller.userID).compactText
                return Array("id: \(id)\nevent: request\ndata: \(data)\n\n".utf8)
            }
        }
        return nil
    }

    private func isStillWelcome() async throws -> Bool {
        do {
            return try await gate.ports.access.caller(of: request) == caller
        } catch let error as ExhaustError where error.code == .unauthenticated || error.code == .forbidden {
            return false
        } catch let error as ExhaustError where error.code == .unavailable || error.code == .tooManyRequests {
            // Not known now; the next heartbeat asks again.
            return true
        }
    }
}
