import ReportModel
import SQLiteAccess

extension ExhaustError {
    /// Whether it can come from what stands in one row: constraints, triggers, limits, and JSON that cannot be read. Everything
    /// else would meet every row.
    var isFaultOfOneRow: Bool {
        guard let failure = sqliteFailure else { return code == .dataDamaged || code == .invalidInput }
        return failure.isConstraint || failure.isTooBig
    }
}
