import BlockingWork
import JobLifecycle
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

    /// As `JobStore.requests`.
    public func requests(_ query: RequestQuery) async throws -> [StoredRequest] {
        let statuses = query.statuses.map(\.rawValue).sorted()
        var conditions: [String] = []
        if query.tag != nil { conditions.append("r.tag = ?") }
        if query.channel != nil { conditions.append("r.requested_channel = ?") }
        if !statuses.isEmpty {
            conditions.append("r.status IN (\(statuses.map { _ in "?" }.joined(separator: ",")))")
        }
        let condition = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
        let sql =
            SQLiteJobTable.selectJoined + condition + " ORDER BY r.dt_job_submitted DESC, r.tag, r.request_id LIMIT ?"
        let parameters = [query.tag, query.channel].compactMap { $0 } + statuses
        let limit = max(0, query.limit)
        return try await readers.run { database in
            try database.with(sql) { statement in
                for (place, parameter) in parameters.enumerated() { try statement.bind(place + 1, parameter) }
                try statement.bind(parameters.count + 1, limit)
                var requests: [StoredRequest] = []
                while try statement.step() { requests.append(try Self.read(statement)) }
                return requests
            }
        }
    }

    /// As `JobStore.placeInLine`.
    public func placeInLine(_ key: RequestKey) async throws -> Int? {
        try await readers.run { [self] database in
            try database.transaction(.deferred) { try transactions(database).placeInLine(key) }
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

    private static func read(_ row: Statement) throws -> StoredRequest {
        let (request, run) = try SQLiteJobTable.readJoined(row)
        return StoredRequest(request: request, run: run)
    }
}
