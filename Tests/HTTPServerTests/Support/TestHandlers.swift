import HTTPMessages
import HTTPServer
import Synchronization

/// Answers by a closure and counts what it was asked.
final class ClosureHandler: HTTPHandler {
    private let closure: @Sendable (HTTPRequest) async throws -> HTTPResponse
    private let paths = Mutex<[String]>([])

    init(_ closure: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse) { self.closure = closure }

    /// The paths that were asked for.
    var asked: [String] { paths.withLock { $0 } }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        paths.withLock { $0.append(request.path) }
        do {
            return try await closure(request)
        } catch {
            return HTTPResponse(status: 500, body: .bytes(Array("\(error)".utf8)))
        }
    }
}

extension HTTPResponse {
    static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, fields: ["Content-Type": "text/plain"], body: .bytes(Array(text.utf8)))
    }
}

/// Something that happens once, and can be waited for.
final class Signal: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Void, Never>])
        case raised
    }
    private let state = Mutex(State.waiting([]))

    /// Lets everybody go who waits, now or later.
    func raise() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .waiting(let waiting) = state else { return [] }
            state = .raised
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits, however the task fares.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isRaised = state.withLock { state -> Bool in
                guard case .waiting(let waiting) = state else { return true }
                state = .waiting(waiting + [continuation])
                return false
            }
            if isRaised { continuation.resume() }
        }
    }

    /// Waits for the task's cancellation, and tells of it.
    func raiseWhenCancelled() async {
        let cancelled = Signal()
        await withTaskCancellationHandler {
            await cancelled.wait()
        } onCancel: {
            cancelled.raise()
        }
        raise()
    }
}

/// Bytes from a closure.
struct ClosureBytes: HTTPBytes {
    let closure: @Sendable () async throws -> [UInt8]?

    init(_ closure: @escaping @Sendable () async throws -> [UInt8]?) { self.closure = closure }

    func next() async throws -> [UInt8]? { try await closure() }
}

/// These pieces.
final class Pieces: HTTPBytes {
    private let pieces: Mutex<[[UInt8]]>

    init(_ pieces: [[UInt8]]) { self.pieces = Mutex(pieces) }

    func next() async throws -> [UInt8]? { pieces.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}

/// Runs a server on a free port of loopback.
func withServer<Value>(
    _ handler: any HTTPHandler, _ change: (inout HTTPServerOptions) -> Void = { _ in },
    _ body: (HTTPServer) async throws -> Value
) async throws -> Value {
    var options = HTTPServerOptions()
    options.listen = try ListenAddress(parsing: "127.0.0.1:0")
    change(&options)
    return try await HTTPServer.serving(options, handler: handler, body)
}
