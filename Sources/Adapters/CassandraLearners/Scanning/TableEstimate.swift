import CassandraAccess
import ReportModel

/// About how large a table is, by what one node says of its stretches of the ring (`system.size_estimates`).
struct TableEstimate: Sendable, Hashable {
    /// Partitions in the whole table; nil if the node does not know yet.
    var partitions: Double?

    static func read(_ table: String, from session: CassandraSession) async throws -> TableEstimate {
        let names = table.split(separator: ".", maxSplits: 1).map(String.init)
        guard names.count == 2 else { return TableEstimate(partitions: nil) }
        let query = try await session.prepare(
            "SELECT range_start, range_end, partitions_count FROM system.size_estimates "
                + "WHERE keyspace_name = ? AND table_name = ?", "estimate a table")
        var partitions = 0.0
        var share = 0.0
        try await session.forEachRow(
            of: query, names.map { .text(Array($0.utf8)) }, "estimate a table"
        ) { row in
            guard let start = Int64(row.text(0)), let end = Int64(row.text(1)) else { return }
            // A stretch may run over the end of the ring.
            share += Double(UInt64(bitPattern: end &- start)) / Double(UInt64.max)
            partitions += Double(row.bytes(2).flatMap(CQLNumber.bigint) ?? 0)
        }
        return TableEstimate(partitions: share > 0 ? partitions / min(1, share) : nil)
    }
}
