import CPostgreSQL
import Glibc
public import ReportModel

/// A session with a database. Statements that are sent together cost one round trip; each is prepared once.
/// Only for the thread that made it.
public final class PostgresConnection {
    let handle: PostgresHandle
    /// Names of prepared statements by their SQL.
    private var prepared: [String: String] = [:]
    /// Statements that go out with the next ones.
    private var pending: [PostgresStatement] = []
    /// More different statements than this are no sign of health, and the server keeps each of them.
    static let preparedLimit = 512

    /// Connects. Throws `unavailable` if that fails.
    public init(_ options: PostgresOptions) throws(ExhaustError) { handle = try PostgresHandle.connect(options) }

    /// Its name in messages, such as `database analytics at db:5432`.
    public var database: String { handle.database }

    /// Whether the session can still be used.
    public var isUsable: Bool { handle.isUsable && prepared.count < Self.preparedLimit }

    /// Runs one statement, after those that wait.
    @discardableResult
    public func query(_ sql: String, _ values: [PostgresValue] = []) throws(ExhaustError) -> PostgresRows {
        guard let rows = try pipeline([PostgresStatement(sql, values)]).last else { throw handle.lost() }
        return rows
    }

    /// Runs several statements in one round trip, after those that wait. Throws the first error; those behind it are not
    /// run then.
    public func pipeline(_ statements: [PostgresStatement]) throws(ExhaustError) -> [PostgresRows] {
        let all = pending + statements
        pending = []
        return Array(try run(all).suffix(statements.count))
    }

    /// Runs a statement with the next ones, so that it costs no round trip of its own; its error is thrown there.
    public func later(_ sql: String, _ values: [PostgresValue] = []) {
        pending.append(PostgresStatement(sql, values))
    }

    /// Runs what waits.
    public func flush() throws(ExhaustError) { _ = try pipeline([]) }

    /// Runs SQL without parameters, several statements if there are.
    public func script(_ sql: String) throws(ExhaustError) {
        try flush()
        try handle.script(sql)
    }

    /// Does `body` in a transaction; what it throws undoes everything. If the connection is lost while the COMMIT is on
    /// its way, the error's `PostgresFailure` says so.
    public func transaction<Result>(
        _ begin: String = "BEGIN ISOLATION LEVEL READ COMMITTED", _ body: () throws -> Result
    ) throws -> Result {
        later(begin)
        let result: Result
        do {
            result = try body()
            if pending.map(\.sql) == [begin] {
                // Nothing was done in it.
                pending = []
                return result
            }
        } catch {
            try rollBack()
            throw error
        }
        later("COMMIT")
        do {
            try flush()
        } catch {
            guard var failure = error.postgresFailure, failure.isConnectionLost else {
                try rollBack()
                throw error
            }
            failure.isCommitUnknown = true
            throw postgresError(failure, database)
        }
        return result
    }

    private func rollBack() throws(ExhaustError) {
        pending = []
        // A session that is gone has rolled back.
        guard handle.isUsable, PQtransactionStatus(handle.pointer) != PQTRANS_IDLE else { return }
        try query("ROLLBACK")
    }

    private enum Sent {
        case preparation(sql: String, name: String)
        case statement
    }

    private func run(_ statements: [PostgresStatement]) throws(ExhaustError) -> [PostgresRows] {
        if statements.isEmpty { return [] }
        guard handle.isUsable else { throw handle.lost() }
        let literals = try statements.map { statement throws(ExhaustError) in try self.literals(of: statement) }
        var sent: [Sent] = []
        var names: [String: String] = [:]
        for (statement, literals) in zip(statements, literals) {
            var name = prepared[statement.sql] ?? names[statement.sql]
            if name == nil {
                let fresh = "s\(prepared.count + names.count)"
                guard PQsendPrepare(handle.pointer, fresh, statement.sql, 0, nil) == 1 else { throw handle.lost() }
                sent.append(.preparation(sql: statement.sql, name: fresh))
                names[statement.sql] = fresh
                name = fresh
            }
            try send(name ?? "", literals)
            sent.append(.statement)
        }
        guard PQpipelineSync(handle.pointer) == 1 else { throw handle.lost() }
        return try receive(sent)
    }

    private func literals(of statement: PostgresStatement) throws(ExhaustError) -> [String?] {
        let literals = statement.values.map(\.literal)
        guard !literals.contains(where: { $0?.utf8.contains(0) == true }) else {
            throw ExhaustError(
                .invalidInput, "\(database): a text with a zero character cannot be stored",
                remedy: "Leave that character out.")
        }
        return literals
    }

    private func send(_ name: String, _ literals: [String?]) throws(ExhaustError) {
        let texts = literals.map { $0.map { strdup($0) } ?? nil }
        defer { for text in texts { free(text) } }
        let values = texts.map { UnsafePointer($0) }
        guard PQsendQueryPrepared(handle.pointer, name, Int32(values.count), values, nil, nil, 0) == 1 else {
            throw handle.lost()
        }
    }

    /// Reads everything up to the end of the pipeline, also after an error, so that the session can go on.
    private func receive(_ sent: [Sent]) throws(ExhaustError) -> [PostgresRows] {
        let deadline = PostgresHandle.milliseconds() + handle.options.answerMilliseconds
        var rows: [PostgresRows] = []
        var failure: ExhaustError?
        for one in sent {
            while let result = try handle.nextResult(deadline) {
                switch PQresultStatus(result) {
                case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
                    switch one {
                    case .preparation(let sql, let name):
                        prepared[sql] = name
                        PQclear(result)
                    case .statement: rows.append(PostgresRows(result))
                    }
                case PGRES_PIPELINE_ABORTED: PQclear(result)
                default:
                    failure = failure ?? handle.error(of: result)
                    PQclear(result)
                }
                if !handle.isUsable { throw failure ?? handle.lost() }
            }
            if !handle.isUsable { throw failure ?? handle.lost() }
        }
        let end = try handle.nextResult(deadline)
        PQclear(end)
        guard failure != nil || end != nil else { throw handle.lost() }
        if let failure { throw failure }
        return rows
    }
}
