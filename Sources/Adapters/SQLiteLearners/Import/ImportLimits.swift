/// How much an import takes in at once.
public struct ImportLimits: Sendable, Hashable {
    /// Bytes of one line; a longer one is refused.
    public var lineBytes: Int
    /// Bytes that are read from a file at once.
    public var readBytes: Int
    /// Bytes of rows that are sorted and written at once; up to four times as much memory is in use.
    public var chunkBytes: Int
    /// Memory for the tree pages of the store that is being made, in bytes.
    public var cacheBytes: Int
    /// Different unknown columns of a table that are counted by name; more are counted as one.
    public var unknownNames: Int

    /// Limits of an import.
    public init(
        lineBytes: Int = 64 << 20, readBytes: Int = 1 << 20, chunkBytes: Int = 48 << 20, cacheBytes: Int = 64 << 20,
        unknownNames: Int = 100
    ) {
        self.lineBytes = lineBytes
        self.readBytes = readBytes
        self.chunkBytes = chunkBytes
        self.cacheBytes = cacheBytes
        self.unknownNames = unknownNames
    }
}
