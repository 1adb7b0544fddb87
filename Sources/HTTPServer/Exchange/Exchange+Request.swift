import CMicroHTTPD
import HTTPMessages
import ReportModel
import Synchronization

/// What the library's thread does with a request as it arrives.
extension Exchange {
    /// What the callback does next.
    enum Step {
        /// Goes on: reading, or waiting for the handler.
        case go
        /// Sends this.
        case send(HTTPResponse)
        /// Closes the connection.
        case close
    }

    /// The head has arrived.
    func open(_ connection: OpaquePointer, method: String, version: String, targetByteCount: Int) -> Step {
        link.begin(self)
        let fields = RequestFields.read(connection)
        var request = HTTPRequest(
            method: HTTPMethod(rawValue: method), path: target, fields: fields, peer: link.peer,
            requestID: core.ids.id(fields["X-Request-ID"]))
        do throws(HeadRule.Refusal) {
            // The library stops at a NUL, which the length of the line tells of.
            guard targetByteCount == target.utf8.count else {
                throw HeadRule.Refusal(400, "its address holds a character that has to be escaped")
            }
            let head = try core.rule.head(method: method, target: target, version: version, fields: fields)
            request.path = head.path
            request.query = head.query
            if head.body != .none { request.body = RequestBody(self) }
            let arrived = request
            let kind = head.body
            state.withLock { state in
                state.request = arrived
                state.bodyKind = kind
                // A whole request is only told of in its last call: an answer in this one would end the connection.
                state.phase = kind == .none ? .whole : .head
            }
            guard kind != .none else { return .go }
            begin(request)
            return proceed()
        } catch {
            let refused = request
            state.withLock { state in
                state.request = refused
                state.phase = .answering
            }
            return .send(core.handler.refusal(of: request, status: error.status, error.error))
        }
    }

    /// Nothing new arrived: the connection was resumed, or the request is complete.
    func proceed() -> Step {
        let first = state.withLock { state -> HTTPRequest? in
            guard state.phase == .whole, state.task == nil, state.bodyKind == .none, !state.isOver else { return nil }
            return state.answer == nil ? state.request : nil
        }
        if let first { begin(first) }
        return state.withLock { state in
            guard !state.isOver else { return .close }
            if state.phase == .body { endInput(&state) }
            switch state.phase {
            case .head: return goOnAfterHead(&state)
            case .whole:
                guard let answer = state.answer else {
                    suspend(&state)
                    return .go
                }
                state.phase = .answering
                return .send(answer)
            case .target, .body, .answering: return .close
            }
        }
    }

    private func goOnAfterHead(_ state: inout State) -> Step {
        if let answer = state.answer, !mayDrain(state) {
            // The rest of the request stays unread, and the connection ends with the answer.
            state.phase = .answering
            return .send(answer)
        }
        guard state.inputIsWanted || state.answer != nil else {
            suspend(&state)
            return .go
        }
        state.phase = .body
        state.pace.wait(at: MonotonicTime.now())
        return .go
    }

    /// Whether reading the body to its end costs less than a new connection. Who waits to be told to send it is not told.
    private func mayDrain(_ state: State) -> Bool {
        guard case .length(let length) = state.bodyKind, state.request?.fields["Expect"] == nil else { return false }
        return length <= core.options.drainBytes
    }

    private func endInput(_ state: inout State) {
        state.inputEnded = true
        state.phase = .whole
        state.pace.pause(at: MonotonicTime.now())
        if let reader = state.reader {
            state.reader = nil
            reader.resume(returning: nil)
        }
    }

    /// A piece of the body arrived. Answers how much of it was taken, nil to close the connection.
    func receive(_ piece: UnsafeRawBufferPointer) -> Int? {
        state.withLock { state in
            guard !state.isOver, state.phase == .body else { return nil }
            state.pace.moved(piece.count)
            state.inputCount += Int64(piece.count)
            if state.inputCount > core.options.bodyBytes, state.inputError == nil {
                let error = ExhaustError(
                    .limitExceeded, "request body: over \(core.options.bodyBytes) bytes",
                    remedy: "Send a smaller request.")
                state.inputError = error
                state.reader?.resume(throwing: error)
                state.reader = nil
            }
            if state.answer != nil || state.inputError != nil {
                state.discarded += Int64(piece.count)
                return state.discarded <= core.options.drainBytes ? piece.count : nil
            }
            guard state.input.count < core.options.bodyBufferBytes else {
                state.inputCount -= Int64(piece.count)
                suspend(&state)
                return 0
            }
            if let reader = state.reader {
                state.reader = nil
                reader.resume(returning: Array(piece))
            } else {
                state.input += piece
            }
            return piece.count
        }
    }

    /// The next piece of the body, for the handler.
    func nextInput() async throws -> [UInt8]? {
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { state in
                if state.isOver { return continuation.resume(throwing: Self.gone) }
                if let error = state.inputError { return continuation.resume(throwing: error) }
                if !state.input.isEmpty {
                    let piece = state.input
                    state.input = []
                    resumeReading(&state)
                    return continuation.resume(returning: piece)
                }
                if state.inputEnded { return continuation.resume(returning: nil) }
                state.reader = continuation
                state.inputIsWanted = true
                resumeReading(&state)
            }
        }
    }

    private func resumeReading(_ state: inout State) {
        guard state.isSuspended else { return }
        if state.phase == .body { state.pace.wait(at: MonotonicTime.now()) }
        wake(&state)
    }
}

/// The body of a request as its handler reads it.
struct RequestBody: HTTPBytes {
    private let exchange: Exchange

    init(_ exchange: Exchange) { self.exchange = exchange }

    func next() async throws -> [UInt8]? { try await exchange.nextInput() }
}
