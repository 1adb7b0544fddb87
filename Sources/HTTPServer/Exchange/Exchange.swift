import CMicroHTTPD
import HTTPMessages
import ReportModel
import Synchronization

/// One request and its answer: between the thread that has the connection and the task that has the handler.
///
/// The connection is suspended whenever it waits for the task, and resumed exactly once for each time; both happen under
/// the lock, since the library takes a resumption that comes early for one that was never asked for.
final class Exchange: Sendable {
    /// How far the request has arrived.
    enum Phase {
        /// Its target, nothing else.
        case target
        /// Its head; the body is not asked for.
        case head
        /// Its body is arriving.
        case body
        /// All of it.
        case whole
        /// The answer is on its way.
        case answering
    }

    enum OutputEnd { case ended, failed }

    struct State {
        var phase = Phase.target
        var isSuspended = false
        /// Nothing moves any more: the answer is sent, the client is gone, or it was given up.
        var isOver = false
        var request: HTTPRequest?
        var bodyKind = BodyKind.none
        var task: Task<Void, Never>?

        var input: [UInt8] = []
        var inputCount: Int64 = 0
        var inputIsWanted = false
        var inputEnded = false
        var inputError: ExhaustError?
        var discarded: Int64 = 0
        var reader: CheckedContinuation<[UInt8]?, any Error>?

        var answer: HTTPResponse?
        var output: [UInt8] = []
        var outputOffset = 0
        var outputEnd: OutputEnd?
        var writer: CheckedContinuation<Bool, Never>?

        var pace = Pace()
    }

    let core: ServerCore
    let link: Link
    let target: String
    private let connection: UInt
    let state = Mutex(State())

    init(core: ServerCore, link: Link, target: String, connection: OpaquePointer) {
        self.core = core
        self.link = link
        self.target = target
        self.connection = UInt(bitPattern: connection)
    }

    /// The connection waits for the task. On the connection's thread, under the lock.
    func suspend(_ state: inout State) {
        state.pace.pause(at: MonotonicTime.now())
        state.isSuspended = true
        MHD_suspend_connection(OpaquePointer(bitPattern: connection))
    }

    /// The connection goes on, if it waits. Under the lock.
    func wake(_ state: inout State) {
        guard state.isSuspended else { return }
        state.isSuspended = false
        MHD_resume_connection(OpaquePointer(bitPattern: connection))
    }

    /// Has the handler answer.
    func begin(_ request: HTTPRequest) {
        core.tasks.add(1, ordering: .relaxed)
        // Unstructured because it is begun by a callback on a thread of the library; the server waits for the end of all,
        // and `end` cancels it.
        let task = Task {
            await answer(request)
            core.tasks.subtract(1, ordering: .relaxed)
        }
        state.withLock { state in
            if state.isOver { task.cancel() } else { state.task = task }
        }
    }

    private func answer(_ request: HTTPRequest) async {
        let response = await core.handler.respond(to: request)
        let isOpen = state.withLock { state in
            guard !state.isOver else { return false }
            state.answer = response
            wake(&state)
            return true
        }
        guard isOpen, case .stream(let source, let length) = response.body, request.method != .head else { return }
        do {
            while let piece = try await source.next() {
                guard await send(piece) else { return }
            }
            end(.ended)
        } catch is CancellationError where length == nil {
            // A stream of events has no end of its own; at a stop it ends in order.
            end(.ended)
        } catch {
            // The status is long sent; a broken end is the only way to tell.
            end(.failed)
        }
    }

    /// Hands `piece` over when the one before it is sent. False if nobody takes it any more.
    private func send(_ piece: [UInt8]) async -> Bool {
        let isOpen = await withCheckedContinuation { continuation in
            state.withLock { state in
                if state.isOver {
                    continuation.resume(returning: false)
                } else if state.output.isEmpty {
                    continuation.resume(returning: true)
                } else {
                    state.writer = continuation
                }
            }
        }
        guard isOpen else { return false }
        state.withLock { state in
            state.output = piece
            state.outputOffset = 0
            wake(&state)
        }
        return true
    }

    private func end(_ end: OutputEnd) {
        state.withLock { state in
            state.outputEnd = end
            wake(&state)
        }
    }

    /// Nothing moves any more: cancels the handler and lets everybody go who waits. The connection, if it is still there,
    /// is closed by its thread.
    func finish() {
        state.withLock { state in
            guard !state.isOver else { return }
            state.isOver = true
            state.task?.cancel()
            state.task = nil
            state.reader?.resume(throwing: Self.gone)
            state.reader = nil
            state.writer?.resume(returning: false)
            state.writer = nil
            wake(&state)
        }
    }

    /// Asks the handler to end, if it makes a stream without a known end.
    func endStream() {
        state.withLock { state in
            if case .stream(_, nil) = state.answer?.body { state.task?.cancel() }
        }
    }

    static let gone = ExhaustError(.unavailable, "request: its sender went away, or was too slow")
}
