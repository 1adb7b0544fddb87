// All state is guarded by `lock`, which is why it may cross threads.

/// Hands pieces of work from one blocking thread to another, a few at a time: whoever is ahead waits.
/// For threads of a `BlockingPool`; never for tasks.
public final class HandOver<Element: Sendable>: @unchecked Sendable {
    private let lock = ConditionLock()
    private let limit: Int
    private var waiting: [Element] = []
    private var isClosed = false

    /// A hand-over at which at most `limit` elements wait.
    public init(limit: Int) { self.limit = max(1, limit) }

    /// Gives an element, when there is room; false if the other side has gone away, so that there is no use in more.
    public func give(_ element: Element) -> Bool {
        lock.withLock {
            while waiting.count >= limit, !isClosed { lock.wait() }
            guard !isClosed else { return false }
            waiting.append(element)
            lock.broadcast()
            return true
        }
    }

    /// Takes the next element, when there is one; nil after the last.
    public func take() -> Element? {
        lock.withLock {
            while waiting.isEmpty, !isClosed { lock.wait() }
            guard !waiting.isEmpty else { return nil }
            let element = waiting.removeFirst()
            lock.broadcast()
            return element
        }
    }

    /// Ends it from either side: what waits can still be taken, nothing more can be given.
    public func close() {
        lock.withLock {
            isClosed = true
            lock.broadcast()
        }
    }
}
