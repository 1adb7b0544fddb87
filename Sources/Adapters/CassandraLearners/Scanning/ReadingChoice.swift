import ReportPorts

/// How a table is read for a run.
public enum ReadingWay: String, Sendable, Hashable {
    /// For each page of learners.
    case asked
    /// All of it, once.
    case scanned
    /// The rows of the batches, which lie together.
    case partition
}

/// Which way is the faster one, by figures measured on one node with two cores (docs/decisions.md).
struct ReadingChoice: Sendable, Hashable {
    /// Partitions that asking gets in a second.
    static let askedPerSecond = 60_000.0
    /// Partitions that a scan passes in a second.
    static let scannedPerSecond = 220_000.0

    let way: ReadingWay
    let reason: String

    /// `lookUps` partitions would be asked for, or the whole of a table passed over.
    init(lookUps: Int, table: TableEstimate) {
        // A node counts its partitions every few minutes; a table that it has not counted yet is new, and so is small.
        guard let partitions = table.partitions else {
            way = .scanned
            reason = "the cluster has not counted its partitions yet"
            return
        }
        let isAsked = Double(lookUps) / Self.askedPerSecond <= partitions / Self.scannedPerSecond
        way = isAsked ? .asked : .scanned
        reason = "\(lookUps) look-ups, about \(Int(partitions)) partitions in the table"
    }

    init(_ way: ReadingWay, because reason: String) {
        self.way = way
        self.reason = reason
    }

    /// Look-ups from which on a table is scanned; nil if it is always scanned.
    static func lookUps(for table: TableEstimate) -> Int? {
        table.partitions.map { Int($0 / scannedPerSecond * askedPerSecond) }
    }

    func note(_ table: String) -> TableReading { TableReading(table: table, way: way.rawValue, reason: reason) }
}
