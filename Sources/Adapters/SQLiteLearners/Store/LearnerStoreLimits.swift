/// What a run may take of the embedded store.
public struct LearnerStoreLimits: Sendable, Hashable {
    /// Connections of a run, which read side by side; each has a thread.
    public var connections: Int
    /// Memory for pages of the file, in bytes a connection.
    public var cacheBytes: Int
    /// Pieces of reading that may wait for a connection.
    public var waiting: Int
    /// How often opening is tried again because an import came in between.
    public var openings: Int

    /// Limits of a run.
    public init(connections: Int = 2, cacheBytes: Int = 2 << 20, waiting: Int = 256, openings: Int = 5) {
        self.connections = connections
        self.cacheBytes = cacheBytes
        self.waiting = waiting
        self.openings = openings
    }
}
