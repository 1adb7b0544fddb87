import PostgresAccess
import ReportModel

extension ExhaustError {
    /// Whether it can come from what stands in one row: values that do not fit, constraints, triggers, limits, and JSON that
    /// cannot be read. Everything else would meet every row.
    var isFaultOfOneRow: Bool {
        guard let failure = postgresFailure else { return code == .dataDamaged || code == .invalidInput }
        // 23505: somebody else was first.
        guard !failure.isConnectionLost, !failure.isContention, failure.sqlState != "23505" else { return false }
        return ["22", "23", "44", "54", "P0"].contains { failure.sqlState.hasPrefix($0) }
    }
}
