/// How much memory and how many files a spool takes.
public struct SpoolLimits: Sendable, Hashable {
    /// Bytes that one writer collects in memory before it sorts them and writes them away.
    public var bufferBytes: Int
    /// Bytes of a block, which is sealed as a whole and read as a whole; readers hold one of every run.
    public var blockBytes: Int
    /// Sorted runs that are merged while reading; when there are more, they are first merged to fewer.
    public var runs: Int
    /// Bytes of the blocks that are kept open for readers who go on where they ended.
    public var openBytes: Int
    /// Bytes on disk at the most.
    public var diskBytes: Int64

    /// Limits of a spool.
    public init(
        bufferBytes: Int = 2 << 20, blockBytes: Int = 16 << 10, runs: Int = 256, openBytes: Int = 8 << 20,
        diskBytes: Int64 = 64 << 30
    ) {
        self.bufferBytes = bufferBytes
        self.blockBytes = blockBytes
        self.runs = max(2, runs)
        self.openBytes = openBytes
        self.diskBytes = diskBytes
    }
}
