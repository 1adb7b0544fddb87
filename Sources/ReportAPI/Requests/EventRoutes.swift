import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts
import ReportService

/// Progress as server-sent events (WHATWG HTML, 9.2): one request, or all that the caller sees.
enum EventRoutes {
    static func make(_ ports: APIPorts, _ gate: RequestGate) -> [Route] {
        // One memory of datasets for all listeners: each event is checked for each of them.
        let sight = RequestSight(
            ports: ports, datasets: RememberedDatasets(of: ports.datasets, clock: ports.clock))
        return [
            Route(.get, "/v1/events", operation: "watchRequests") { request in
                let caller = try request.knownCaller()
                return try await answer(request, caller, .channel(caller.channel), ports, sight)
            },
            Route(.get, "/v1/requests/{tag}/{requestId}/events", operation: "watchRequest") { request in
                let caller = try request.knownCaller()
                let document = try await gate.document(request, for: caller)
                return try await answer(
                    request, caller, .request(document.request.key, channel: caller.channel), ports, sight)
            },
        ]
    }

    private static func answer(
        _ request: APIRequest, _ caller: Caller, _ scope: RequestWatch.Scope, _ ports: APIPorts, _ sight: RequestSight
    ) async throws -> HTTPResponse {
        // HEAD asks what GET would answer, and opens no stream.
        let fields: HTTPFields = [
            "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
        ]
        if request.http.method == .head { return HTTPResponse(status: 200, fields: fields) }
        let lastID = request.http.fields["Last-Event-ID"] ?? request.query["lastEventId"]
        let listening = try await ports.watch.listen(to: scope, caller: caller.linkHolder, after: lastID)
        let stream = EventStream(listening, request: request.http, caller: caller, sight: sight)
        return HTTPResponse(status: 200, fields: fields, body: .stream(stream, length: nil))
    }
}

/// The events of one listener as text. Everything is checked again at the time at which it is told.
struct EventStream: HTTPBytes {
    private let events: AsyncStream<RequestWatch.Event>
    private let request: HTTPRequest
    private let caller: Caller
    private let sight: RequestSight
    private let beginning: Beginning

    init(_ listening: RequestWatch.Listening, request: HTTPRequest, caller: Caller, sight: RequestSight) {
        events = listening.events
        beginning = Beginning(missed: listening.missed)
        self.request = request
        self.caller = caller
        self.sight = sight
    }

    /// Requests at the most of which a reader is told what they missed, or how they stand: the newest that they may see.
    static let missedLimit = 128

    /// What is told before anything happens: that the stream is open, and then what was missed.
    private actor Beginning {
        private var missed: [RequestWatch.Event]
        private var texts: [[UInt8]]?

        init(missed: [RequestWatch.Event]) { self.missed = missed }

        func next(_ texts: ([RequestWatch.Event]) async throws -> [[UInt8]]) async throws -> [UInt8]? {
            if self.texts == nil {
                self.texts = []
                return Array(": open\nretry: 2000\n\n".utf8)
            }
            if !missed.isEmpty {
                let all = missed
                missed = []
                self.texts = try await texts(all)
            }
            return self.texts?.popLast()
        }
    }

    func next() async throws -> [UInt8]? {
        if let first = try await beginning.next(missed) { return first }
        // Who reads from a stream of this kind goes on where the last reader ended.
        var events = events.makeAsyncIterator()
        while let event = await events.next() {
            switch event {
            case .heartbeat:
                // The session may have ended meanwhile; then so does the stream, and coming back tells why.
                guard try await isStillWelcome() else { return nil }
                return Array(": heartbeat\n\n".utf8)
            case .changed(let id, let document):
                guard try await sight.maySee(document, caller) else { continue }
                return text(id, document)
            }
        }
        return nil
    }

    /// The newest first, of what the reader may see.
    private func missed(_ events: [RequestWatch.Event]) async throws -> [[UInt8]] {
        var texts: [[UInt8]] = []
        for case .changed(let id, let document) in events.reversed() where texts.count < Self.missedLimit {
            if try await sight.maySee(document, caller) { texts.append(text(id, document)) }
        }
        return texts
    }

    private func text(_ id: String, _ document: RequestDocument) -> [UInt8] {
        Array("id: \(id)\nevent: request\ndata: \(document.json(for: caller.userID).compactText)\n\n".utf8)
    }

    private func isStillWelcome() async throws -> Bool {
        do {
            return try await sight.ports.access.caller(of: request) == caller
        } catch let error as ExhaustError where error.code == .unauthenticated || error.code == .forbidden {
            return false
        } catch let error as ExhaustError where error.code == .unavailable || error.code == .tooManyRequests {
            // Not known now; the next heartbeat asks again.
            return true
        }
    }
}
