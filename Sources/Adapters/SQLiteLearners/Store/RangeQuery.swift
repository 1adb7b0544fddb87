import ReportModel
import SQLiteAccess

/// A query over the learners of a range, within what `scope` stands for (a batch, say), in user id order.
///
/// Parameters: 1 the number of the scope, 2 and 3 the bounds; `lower` and `order` may add others.
struct RangeQuery {
    let sql: String
    private let range: UserRange

    init(
        _ columns: String, from table: String, scope: String, user: String, range: UserRange, order: String? = nil,
        lower: String? = nil
    ) {
        self.range = range
        let upper = range.through == nil ? "" : " AND \(user) <= ?3"
        sql = """
            SELECT \(columns) FROM \(table) WHERE \(scope) = ?1 AND \(lower ?? "\(user) > ?2")\(upper) \
            ORDER BY \(order ?? user)
            """
    }

    func bind(_ statement: Statement, scope: Int64) throws(ExhaustError) {
        try statement.bind(1, scope)
        // Nobody has an empty id, so that it stands for the start.
        try Self.bind(statement, 2, range.after ?? [])
        if let through = range.through { try Self.bind(statement, 3, through) }
    }

    static func bind(_ statement: Statement, _ parameter: Int, _ id: [UInt8]) throws(ExhaustError) {
        var failure: ExhaustError?
        id.withUnsafeBytes { bytes in
            do throws(ExhaustError) { try statement.bind(parameter, text: bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

extension Database {
    /// The number that stands for a batch; nil if no row of the store names it.
    func batchNumber(_ batch: BatchKey) throws -> Int64? {
        try number(
            "SELECT number FROM batch_number WHERE batchid = ?1 AND courseid = ?2", batch.batch, batch.collection)
    }

    /// The number that stands for what follows from `sql` with these texts bound; nil without a row.
    func number(_ sql: String, _ texts: String...) throws -> Int64? {
        try with(sql) { statement in
            for (index, text) in texts.enumerated() { try statement.bind(index + 1, text) }
            return try statement.step() ? statement.integer(0) : nil
        }
    }
}

/// The error for a cell that does not read as it was written.
func damagedCell(_ table: String, _ column: String, _ fault: JSONFault) -> ExhaustError {
    ExhaustError(
        .dataDamaged, "learner store: column \(column) of \(table): \(fault.reason)",
        remedy: "Import the data again.", cause: fault)
}
