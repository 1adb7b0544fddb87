import ReportModel

/// Takes CSV apart, as Spark writes it (upstream.md 5.1.2): cells in quotes escape quotes and backslashes by a backslash.
/// Doubled quotes, as others write them, are taken too. Fed piece by piece.
struct CSVRecords {
    /// Bytes that one row may have: the answers of one attempt to a very large test.
    static let rowLimit = 64 << 20

    private enum Place { case cellStart, plain, quoted, escape, afterQuote }

    private var place = Place.cellStart
    private var cells: [[UInt8]] = []
    private var cell: [UInt8] = []
    private var rowBytes = 0

    /// Calls `body` with the cells of each row that is complete.
    mutating func feed(_ bytes: [UInt8], _ body: ([[UInt8]]) throws -> Void) throws {
        for byte in bytes {
            rowBytes += 1
            guard rowBytes <= Self.rowLimit else {
                throw ExhaustError(.dataDamaged, "a row is over \(Self.rowLimit) bytes long")
            }
            try take(byte, body)
        }
    }

    /// The last row, if no line end stands behind it. Throws if the file ends within quotes.
    mutating func finish(_ body: ([[UInt8]]) throws -> Void) throws {
        guard place != .quoted, place != .escape else {
            throw ExhaustError(.dataDamaged, "it ends in the middle of a cell")
        }
        if !cells.isEmpty || !cell.isEmpty || place == .afterQuote { try endRow(body) }
    }

    private mutating func take(_ byte: UInt8, _ body: ([[UInt8]]) throws -> Void) throws {
        switch place {
        case .quoted:
            if byte == UInt8(ascii: "\"") {
                place = .afterQuote
            } else if byte == UInt8(ascii: "\\") {
                place = .escape
            } else {
                cell.append(byte)
            }
        case .escape:
            // A backslash before anything else stands for itself.
            if byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { cell.append(UInt8(ascii: "\\")) }
            cell.append(byte)
            place = .quoted
        case .afterQuote where byte == UInt8(ascii: "\""):
            cell.append(byte)
            place = .quoted
        case .cellStart where byte == UInt8(ascii: "\""): place = .quoted
        default:
            switch byte {
            case UInt8(ascii: ","): endCell()
            case UInt8(ascii: "\n"): try endRow(body)
            case UInt8(ascii: "\r") where place != .plain: break
            default:
                place = .plain
                cell.append(byte)
            }
        }
    }

    private mutating func endCell() {
        cells.append(cell)
        cell.removeAll(keepingCapacity: true)
        place = .cellStart
    }

    private mutating func endRow(_ body: ([[UInt8]]) throws -> Void) throws {
        if place == .plain, cell.last == UInt8(ascii: "\r") { cell.removeLast() }
        endCell()
        rowBytes = 0
        // An empty line is no row.
        if cells.count > 1 || cells[0].isEmpty == false { try body(cells) }
        cells.removeAll(keepingCapacity: true)
    }
}
