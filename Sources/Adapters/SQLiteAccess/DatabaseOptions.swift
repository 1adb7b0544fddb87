/// How a database file is opened. Sizes are limits a connection.
public struct DatabaseOptions: Sendable, Hashable {
    /// What may be done with the file.
    public enum Access: Sendable, Hashable {
        /// Made if it is not there, mode 0600.
        case create
        /// Read and written; must be there.
        case write
        /// Only read, beside others that write.
        case read
        /// Only read, and known to change no more: no locks are taken. A file that is replaced by renaming is such a one.
        case immutable
    }

    /// How a transaction is kept from being half done.
    public enum Journal: String, Sendable, Hashable {
        /// Write-ahead log: readers and one writer at a time do not wait for each other.
        case writeAhead = "WAL"
        /// Rollback journal, SQLite's own default.
        case rollback = "DELETE"
        /// None: for a file that is thrown away unless it is finished.
        case none = "OFF"
        /// As the file has it.
        case asStored = ""
    }

    /// When data is forced to the disk.
    public enum Durability: String, Sendable, Hashable {
        /// At every commit.
        case full = "FULL"
        /// At checkpoints of the write-ahead log: a power cut can take the last commits back, but damages nothing.
        case normal = "NORMAL"
        /// Never; the writer forces the finished file itself.
        case none = "OFF"
    }

    /// What may be done with the file.
    public var access: Access
    /// How a transaction is kept whole.
    public var journal: Journal
    /// When data is forced to the disk.
    public var durability: Durability
    /// How long a lock of another connection is waited for, in milliseconds.
    public var busyMilliseconds: Int
    /// Memory for pages of the file, in bytes.
    public var cacheBytes: Int
    /// How much of the file is mapped into memory, in bytes; 0 is none.
    public var mappedBytes: Int64
    /// Prepared statements that are kept for the next use.
    public var statementLimit: Int

    /// Options; the defaults suit a small store that several processes write.
    public init(
        access: Access = .create, journal: Journal = .writeAhead, durability: Durability = .full,
        busyMilliseconds: Int = 10_000, cacheBytes: Int = 2 << 20, mappedBytes: Int64 = 0, statementLimit: Int = 64
    ) {
        self.access = access
        self.journal = journal
        self.durability = durability
        self.busyMilliseconds = busyMilliseconds
        self.cacheBytes = cacheBytes
        self.mappedBytes = mappedBytes
        self.statementLimit = statementLimit
    }
}
