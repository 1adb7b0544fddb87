import Glibc
import Synchronization

/// What waits for the threads of a pool. All state is guarded by `lock`.
final class WorkQueue<Resource>: @unchecked Sendable {
    /// One piece of work; nil as resource tells it that it will not be done.
    typealias Work = @Sendable (Resource?) -> Void

    /// Why work was not taken.
    enum Refusal {
        case full(limit: Int)
        case ended
    }

    private let lock = ConditionLock()
    private let limit: Int
    private var waiting: [Work] = []
    private var first = 0
    private var hasEnded = false
    private var threads = 0
    private var endHandlers: [@Sendable () -> Void] = []

    init(limit: Int) { self.limit = limit }

    /// Nil if the work was taken.
    func add(_ work: @escaping Work) -> Refusal? {
        lock.withLock {
            if hasEnded { return .ended }
            if waiting.count - first >= limit { return .full(limit: limit) }
            waiting.append(work)
            lock.signal()
            return nil
        }
    }

    /// Takes no more work and drops what waits.
    func end() {
        let dropped = lock.withLock {
            hasEnded = true
            let rest = waiting[first...]
            waiting = []
            first = 0
            lock.broadcast()
            return rest
        }
        for work in dropped { work(nil) }
    }

    /// Works until the end. Runs on a thread of the pool.
    func serve(_ resource: Resource) {
        while let work = next() { work(resource) }
    }

    func threadBegins() { lock.withLock { threads += 1 } }

    func threadEnds() {
        let handlers = lock.withLock {
            threads -= 1
            guard threads == 0, hasEnded else { return [@Sendable () -> Void]() }
            defer { endHandlers = [] }
            return endHandlers
        }
        for handler in handlers { handler() }
    }

    /// Calls `handler` when no thread is left; only after `end`.
    func whenEnded(_ handler: @escaping @Sendable () -> Void) {
        let isOver = lock.withLock {
            if threads > 0 { endHandlers.append(handler) }
            return threads == 0
        }
        if isOver { handler() }
    }

    private func next() -> Work? {
        lock.withLock {
            while first == waiting.count {
                if hasEnded { return nil }
                lock.wait()
            }
            let work = waiting[first]
            first += 1
            if first * 2 >= waiting.count {
                // Moves each piece of work once on average, and lets go of what is done.
                waiting.removeFirst(first)
                first = 0
            }
            return work
        }
    }
}

/// Whether the task that asked has been cancelled.
final class CancellationFlag: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}

/// What a new thread is to do.
private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Starts a thread that nobody joins; false if the system gives none.
package func startDetachedThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let context = Unmanaged.passRetained(ThreadBody(body))
    var thread = pthread_t()
    let code = pthread_create(&thread, &attributes, threadMain, context.toOpaque())
    if code != 0 { context.release() }
    return code == 0
}

private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
    return nil
}
