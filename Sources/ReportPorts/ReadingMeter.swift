import Synchronization

/// How far the reading of whole tables is, counted in stretches; written by stores, read by progress bars.
public final class ReadingMeter: Sendable {
    private let stretches = Mutex((done: 0, expected: 0))

    /// Nothing read, nothing to read.
    public init() {}

    /// How far it is.
    public var progress: (done: Int, expected: Int) { stretches.withLock { $0 } }

    /// A table of so many stretches will be read.
    public func expect(_ count: Int) { stretches.withLock { $0.expected += count } }

    /// A stretch has been read.
    public func addDone() { stretches.withLock { $0.done += 1 } }
}
