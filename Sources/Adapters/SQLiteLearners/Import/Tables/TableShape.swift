/// A table of an import: what its rows look like and where they go.
struct TableShape: Sendable {
    /// Which pairs of ids of the table become numbers.
    enum Numbers: String, Sendable {
        case none = ""
        case batches = "batch_number"
        case contexts = "context_number"
        case consents = "consent_number"
    }

    /// Turns a row that was read into its key and stored columns.
    typealias Mapping = @Sendable (inout Row, inout NumberBook, inout Chunk) throws(LineFault) -> Void

    /// The name of the file before `.jsonl`, and of the table.
    let name: String
    /// Other names that the file may have.
    var aliases: [String] = []
    let columns: [SourceColumn]
    /// Whether members that are no columns are kept too, in `fields`.
    var keepsEverything = false
    var numbers = Numbers.none
    let target: Target
    let map: Mapping

    /// How rows are written.
    enum Target: Sendable {
        /// One row each, whose first `keyColumns` are the key.
        case keyed(columns: Int, keyColumns: Int)
        /// A slim row, whose columns at `identity` tell which row it replaces, and a row of detail beside it.
        case detailed(columns: [String], identity: [Int], detailColumns: Int)
    }

    /// All tables, in the order in which they are read: small ones first, so that their mistakes show early.
    static let all: [TableShape] = [
        .systemSettings, .tenantPreference, .organisation, .consumerChannel, .content, .contentHierarchy, .courseBatch,
        .user, .userConsent, .userEnrolments, .userActivityAgg, .assessmentAggregator, .assessmentArchive,
    ]

    /// A table whose stored columns are those of the import, in the same order: first the key, then others, then
    /// those that no report reads, which go into one column `other` if there are any.
    static func plain(
        _ name: String, aliases: [String] = [], keyColumns: Int, _ columns: [SourceColumn], kept: [String] = []
    ) -> TableShape {
        let keptColumns = kept.sorted().map(SourceColumn.kept)
        let keptRange = columns.count..<columns.count + keptColumns.count
        return TableShape(
            name: name, aliases: aliases, columns: columns + keptColumns,
            target: .keyed(columns: columns.count + (kept.isEmpty ? 0 : 1), keyColumns: keyColumns)
        ) { row, _, chunk in
            chunk.beginRow()
            for column in 0..<keyColumns { chunk.addToKey(row.cells[column], of: row) }
            chunk.endKey()
            for column in columns.indices { chunk.add(row.cells[column], of: row) }
            if !keptRange.isEmpty {
                let other = row.gather(keptRange)
                chunk.add(other, of: row)
            }
            chunk.endRow()
        }
    }
}
