public import ReportModel

/// Limits of a piece of a part, so that a part's memory is bounded and an entry of the archive can end between pieces.
///
/// Pieces end at rows, and where they end depends on the data alone, not on the pages in which it was read.
public struct PieceLimits: Sendable, Hashable {
    /// Rows of a piece.
    public var rows: Int
    /// Bytes of CSV after which a piece ends with the row that reached them.
    public var bytes: Int

    /// Limits of a piece; the setting names are `piece.rows` and `piece.bytes`. Where cells cannot be compressed a piece is as
    /// large as its CSV, and several copies of it are in memory for a moment.
    public init(rows: Int = 262_144, bytes: Int = 4 << 20) {
        self.rows = rows
        self.bytes = bytes
    }
}

/// Rows as CSV bytes (design.md 6.3).
///
/// A row maker opens rows with `open()`, fills them, and gives them back with `close(_:)`; the caller of the row maker
/// takes `bytes` and `cuts` out. Headers are not rows: `CSVWriter.header(of:options:)`.
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
    /// Bytes written after the last cut, also those taken out before.
    public private(set) var bytesSinceCut = 0

    private let options: CSVOptions
    private let limits: PieceLimits
    /// Room that the next rows begin with: that of the last ones.
    private var room: CSVRoom? = CSVRoom(capacity: 4096)

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

    /// Rows to fill; they are lost unless they are given to `close(_:)`.
    public mutating func open() -> CSVRows {
        var kept = room
        room = nil
        // A copy of this writer has the same room.
        guard isKnownUniquelyReferenced(&kept), let kept else { return CSVRows(options: options) }
        return CSVRows(options: options, room: kept)
    }

    /// Takes finished rows, and says how many they were.
    @discardableResult
    public mutating func close(_ rows: borrowing CSVRows) -> Int {
        var start = 0
        for end in rows.ends {
            rowsSinceCut += 1
            bytesSinceCut += end - start
            start = end
            if rowsSinceCut >= limits.rows || bytesSinceCut >= limits.bytes {
                cuts.append(Cut(end: bytes.count + end, rows: rowsSinceCut))
                rowsSinceCut = 0
                bytesSinceCut = 0
            }
        }
        rows.withBytes { new in
            // Doubled, a buffer that pages fill again and again would stay twice as large as they are.
            let needed = bytes.count + new.count
            if needed > bytes.capacity { bytes.reserveCapacity(max(needed, bytes.capacity / 4 * 5)) }
            bytes.append(contentsOf: new)
        }
        room = rows.room
        return rows.ends.count
    }
}

extension CSVWriter {
    /// The header row of a file: the labels as text cells, after the byte order mark if there is to be one.
    public static func header(of columns: [ColumnDescription], options: CSVOptions) -> [UInt8] {
        table(header: columns.map(\.label), rows: [], options: options)
    }

    /// A small table of texts as a CSV file.
    static func table(header: [String], rows: [[String]], options: CSVOptions) -> [UInt8] {
        var writer = CSVWriter(options: options)
        var cells = writer.open()
        for row in [header] + rows {
            for cell in row { cells.text(cell) }
            cells.endRow()
        }
        writer.close(cells)
        return (options.byteOrderMark ? [0xEF, 0xBB, 0xBF] : []) + writer.bytes
    }
}
