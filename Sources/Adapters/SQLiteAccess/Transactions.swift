import ReportModel

/// When a transaction takes its lock.
public enum TransactionKind: String, Sendable, Hashable {
    /// With the first statement that needs it: for reading several things as of one moment.
    case deferred = "DEFERRED"
    /// The right to write, at once: for reading before writing.
    case immediate = "IMMEDIATE"
}

extension Database {
    /// Does all of `body` or nothing: commits when it returns, rolls back when it throws. Does not nest.
    public func transaction<Result>(
        _ kind: TransactionKind = .immediate, _ body: () throws -> Result
    ) throws -> Result {
        try with("BEGIN \(kind.rawValue)") { try $0.run() }
        do {
            let result = try body()
            try with("COMMIT") { try $0.run() }
            return result
        } catch {
            // SQLite ends the transaction itself after some errors, such as a full disk.
            if isInTransaction { try rollBack(after: error) }
            throw error
        }
    }

    private func rollBack(after failure: any Error) throws {
        do {
            try with("ROLLBACK") { try $0.run() }
        } catch {
            throw ExhaustError(
                .storageFailed, "database \(path): a failed transaction could not be rolled back: \(error)",
                mender: .operator, cause: failure)
        }
    }
}
