import Dispatch
import Synchronization

/// Queues for calls that block on a disk, so that they never hold up Swift's own threads. Each queue does one thing
/// at a time; who needs an order of calls stays with one queue.
final class DiskQueues: Sendable {
    /// Queues, and so blocking calls at one time; a power of two.
    static let count = 4

    private let queues = (0..<count).map { DispatchQueue(label: "exhaust.disk-files.\($0)") }
    private let turn = Atomic(0)

    /// The queue whose turn it is.
    func next() -> DiskQueue {
        DiskQueue(queue: queues[turn.wrappingAdd(1, ordering: .relaxed).oldValue & (Self.count - 1)])
    }

    /// Runs `body` on the queue whose turn it is.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await next().run(body)
    }
}

/// One of the queues.
struct DiskQueue: Sendable {
    fileprivate let queue: DispatchQueue

    /// Runs `body` there, after what was handed over before.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }

    /// Runs `body`, which has nothing to answer, there, after what was handed over before.
    func perform(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            queue.async {
                body()
                continuation.resume()
            }
        }
    }
}
