public import ReportModel

/// Limits of a piece of a part, so that a part's memory is bounded and an entry of the archive can end between pieces.
///
/// Pieces end at rows, and where they end depends on the data alone, not on the pages in which it was read.
public struct PieceLimits: Sendable, Hashable {
    /// Rows of a piece.
    public var rows: Int
    /// Bytes of CSV after which a piece ends with the row that passed them.
    public var bytes: Int

    /// Limits of a piece; the setting names are `piece.rows` and `piece.bytes`.
    public init(rows: Int = 262_144, bytes: Int = 16 << 20) {
        self.rows = rows
        self.bytes = bytes
    }
}

/// Rows as CSV bytes (design.md 6.3): the hot path.
public struct CSVWriter: Sendable {
    /// The end of a piece.
    public struct Cut: Sendable, Hashable {
        /// Byte of `bytes` before which the piece ends.
        public var end: Int
        /// Rows of the piece.
        public var rows: Int
    }

    /// What was written since it was taken out last.
    public private(set) var bytes: [UInt8] = []
    /// Ends of pieces within `bytes`.
    public private(set) var cuts: [Cut] = []
    /// Rows written after the last cut, also those taken out before.
    public private(set) var rowsSinceCut = 0

    private let options: CSVOptions
    private let limits: PieceLimits

    /// A writer without rows.
    public init(options: CSVOptions, limits: PieceLimits = .init()) {
        self.options = options
        self.limits = limits
    }

    /// Forgets what was taken out, and keeps the room for it.
    public mutating func removeTaken() {
        bytes.removeAll(keepingCapacity: true)
        cuts.removeAll(keepingCapacity: true)
    }
}
