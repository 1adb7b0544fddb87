import BlockingWork
public import JobLifecycle
public import ReportModel
public import ReportPorts
import SQLiteAccess

extension SQLiteJobStore {
    /// As `JobStore.request`.
    public func request(_ requestID: String, tag: String?) async throws -> StoredRequest? {
        let sql = SQLiteJobTable.selectJoined + "WHERE r.request_id = ? ORDER BY r.dt_job_submitted, r.tag"
        return try await readers.run { database in
            if let tag {
                return try SQLiteJobTable(database: database).load(RequestKey(tag: tag, requestID: requestID))
                    .map { StoredRequest(request: $0.request, run: $0.run) }
            }
            return try database.with(sql) { statement in
                try statement.bind(1, requestID)
                return try statement.step() ? try Self.read(statement) : nil
            }
        }
    }

    /// As `JobStore.waitingLine`.
    public func waitingLine() async throws -> WaitingLine {
        try await readers.run { [self] database in
            try database.transaction(.deferred) { try transactions(database).waitingLine() }
        }
    }

    /// As `JobStore.foreignRuns`.
    public func foreignRuns() async throws -> [JobRequest] {
        let sql =
            SQLiteJobTable.selectJoined
            + "WHERE r.status = 'PROCESSING' AND n.owner IS NULL ORDER BY r.dt_job_submitted, r.tag, r.request_id"
        return try await readers.run { database in
            try database.with(sql) { statement in
                var rows: [JobRequest] = []
                while try statement.step() { rows.append(RequestColumns.read(statement)) }
                return rows
            }
        }
    }

    /// As `JobStore.nextDue`.
    public func nextDue() async throws -> Timestamp? {
        try await readers.run { try SQLiteJobTable(database: $0).nextDue() }
    }

    static func read(_ row: Statement) throws -> StoredRequest {
        let (request, run) = try SQLiteJobTable.readJoined(row)
        return StoredRequest(request: request, run: run)
    }
}
