import ReportModel
import SecureArchive

/// Which parts go into which CSV entry: an entry ends before the part that would take it past the limit of rows.
struct EntryCut: Sendable, Hashable {
    /// A part by its range and its place within it.
    struct Place: Sendable, Hashable {
        var range: Int
        var piece: Int
    }

    /// The parts of one entry, in order, and their sum without the header row.
    struct Entry: Sendable, Hashable {
        var places: [Place] = []
        var summary = PartSummary.empty
    }

    var entries: [Entry] = [Entry()]

    init(_ ranges: [[BatchParts.Piece]], rowsPerEntry: Int) throws(ExhaustError) {
        for (range, pieces) in ranges.enumerated() {
            for (piece, summary) in pieces.map(\.summary).enumerated() {
                let last = entries.count - 1
                let rows = entries[last].summary.rowCount + summary.rowCount
                let startsNew = rows > UInt64(rowsPerEntry) && entries[last].summary.rowCount > 0
                if startsNew { entries.append(Entry()) }
                let target = entries.count - 1
                entries[target].places.append(Place(range: range, piece: piece))
                entries[target].summary = try entries[target].summary.joined(summary)
            }
        }
    }
}
