import ReportModel

/// Threads for work that blocks, so that it never holds up Swift's own two or so. Each has a resource of its own, such
/// as a database connection, which only that thread ever touches.
///
/// One hop there and back costs microseconds: hand over a page at a time, not a row.
public final class BlockingPool<Resource>: Sendable {
    /// How many threads there are, and how much may wait for them.
    public struct Limits: Sendable, Hashable {
        /// Threads, and so resources.
        public var threads: Int
        /// Pieces of work that may wait; one more is refused with `unavailable`.
        public var waiting: Int

        /// Limits of a pool.
        public init(threads: Int = 1, waiting: Int = 1_024) {
            self.threads = threads
            self.waiting = waiting
        }
    }

    private let work: WorkQueue<Resource>
    private let name: String

    /// Starts the threads; each makes its resource by `make` before anything else. Returns when all have theirs.
    /// Throws what `make` throws, and `internalFault` if the system gives no thread. `name` is for messages.
    public init(name: String, limits: Limits = Limits(), make: @escaping @Sendable () throws -> Resource) async throws {
        self.name = name
        work = WorkQueue(limit: limits.waiting)
        do {
            for _ in 0..<max(1, limits.threads) { try await Self.startThread(name, work, make) }
        } catch {
            work.end()
            throw error
        }
    }

    deinit { work.end() }

    /// Runs `body` on one of the threads, in the order of the calls. Throws what `body` throws, `CancellationError` if
    /// the task was cancelled before its turn, and `unavailable` if too much waits or after
    /// `close`.
    public func run<Result: Sendable>(_ body: @escaping @Sendable (Resource) throws -> Result) async throws -> Result {
        let cancellation = CancellationFlag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Result, any Error>) in
                let refusal = work.add { resource in
                    guard let resource, !cancellation.isSet else {
                        continuation.resume(throwing: CancellationError())
                        return
                    }
                    continuation.resume(with: Swift.Result { try body(resource) })
                }
                if let refusal { continuation.resume(throwing: error(for: refusal)) }
            }
        } onCancel: {
            cancellation.set()
        }
    }

    /// Ends the threads after what they are at, and waits until their resources are let go. Work that still waits
    /// throws `CancellationError`. Closing twice does nothing.
    public func close() async {
        work.end()
        await withCheckedContinuation { continuation in work.whenEnded { continuation.resume() } }
    }

    private func error(for refusal: WorkQueue<Resource>.Refusal) -> ExhaustError {
        switch refusal {
        case .full(let limit):
            ExhaustError(
                .unavailable, "\(name): \(limit) pieces of work wait already", remedy: "Try again in a moment.",
                mender: .operator)
        case .ended: ExhaustError(.unavailable, "\(name): it is closed")
        }
    }

    private static func startThread(
        _ name: String, _ work: WorkQueue<Resource>, _ make: @escaping @Sendable () throws -> Resource
    ) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            work.threadBegins()
            let started = startDetachedThread {
                defer { work.threadEnds() }
                do {
                    let resource = try make()
                    continuation.resume()
                    work.serve(resource)
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            guard !started else { return }
            work.threadEnds()
            continuation.resume(throwing: ExhaustError(.internalFault, "\(name): the system gives no more threads"))
        }
    }
}
