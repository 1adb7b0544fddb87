public import ReportModel

/// What PostgreSQL or the connection to it said; the cause of the `ExhaustError` that callers see.
public struct PostgresFailure: Error, Sendable, Hashable {
    /// The SQLSTATE, such as `23505`; empty where the connection itself failed.
    public var sqlState: String
    /// The primary message; it names tables and columns.
    public var message: String
    /// Whether the connection is gone.
    public var isConnectionLost = false
    /// Whether it was lost while a COMMIT was on its way, so that nobody knows what became of the transaction.
    public var isCommitUnknown = false

    /// Whether the same transaction, done again, can succeed at once: others were in the way.
    public var isContention: Bool { sqlState == "40001" || sqlState == "40P01" }
    /// Whether this user may not do it.
    public var isDenied: Bool { sqlState == "42501" }
}

extension ExhaustError {
    /// The PostgreSQL failure below this error, if one is.
    public var postgresFailure: PostgresFailure? { cause as? PostgresFailure }
}

/// The error for a failure; `database` is its name in messages, such as `database analytics at db:5432`.
func postgresError(_ failure: PostgresFailure, _ database: String) -> ExhaustError {
    func error(_ code: ExhaustError.Code, _ why: String, _ remedy: String) -> ExhaustError {
        ExhaustError(code, "\(database): \(why)", remedy: remedy, mender: .operator, cause: failure)
    }
    if failure.isConnectionLost {
        return error(
            .unavailable, "it does not answer: \(failure.message)",
            "Check that PostgreSQL runs, can be reached from here, and accepts the user of the settings postgres.*.")
    }
    switch failure.sqlState {
    case "40001", "40P01":
        return error(.unavailable, "other transactions were in the way again and again", "Try again.")
    case "55P03":
        return error(
            .unavailable, "another program keeps a row or table locked",
            "Wait, or find the session that holds it: SELECT * FROM pg_stat_activity.")
    case "57014":
        return error(
            .unavailable, "a statement took longer than postgres.statementSeconds",
            "Run `exhaust doctor`: an index may be missing.")
    case "53100": return error(.storageFailed, "the server's disk is full", "Free space on the server's disk.")
    case "25006":
        return error(
            .unavailable, "it is read-only, perhaps a standby",
            "Name the primary, or give several hosts and target_session_attrs=read-write in postgres.connection.")
    case "42501":
        return error(.refused, "this user may not do that: \(failure.message)", "Grant it to the user postgres.user.")
    case "42P01", "3F000", "42703":
        return error(.dataDamaged, failure.message, "Run `exhaust migrate`, and check the settings postgres.*.")
    case "22001":
        return error(.invalidInput, "a value is longer than its column", "Run `exhaust doctor` to see the columns.")
    case "23505": return error(.conflict, failure.message, "")
    case let state where state.hasPrefix("53"):
        return error(
            .unavailable, "the server has no room: \(failure.message)",
            "Lower postgres.connections, or raise max_connections.")
    case let state where state.hasPrefix("22"):
        // The message would show the value.
        return error(.invalidInput, "a value is not of its column's type (SQLSTATE \(state))", "")
    default:
        return error(.internalFault, "\(failure.message) (SQLSTATE \(failure.sqlState))", "Report this fault.")
    }
}
