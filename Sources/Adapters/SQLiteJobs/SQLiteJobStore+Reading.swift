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

    /// As `JobStore.requests`.
    public func requests(_ query: RequestQuery) async throws -> [StoredRequest] {
        let (condition, parameters) = Self.condition(query)
        let sql =
            SQLiteJobTable.selectJoined + condition + " ORDER BY r.dt_job_submitted DESC, r.tag, r.request_id LIMIT ?"
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

    /// As `JobStore.count`.
    public func count(_ query: RequestQuery) async throws -> Int {
        let (condition, parameters) = Self.condition(query)
        return try await readers.run { database in
            try database.with("SELECT count(*) FROM job_request r " + condition) { statement in
                for (place, parameter) in parameters.enumerated() { try statement.bind(place + 1, parameter) }
                return try statement.step() ? Int(statement.integer(0)) : 0
            }
        }
    }

    private static func condition(_ query: RequestQuery) -> (sql: String, parameters: [String]) {
        let statuses = query.statuses.map(\.rawValue).sorted()
        var conditions: [String] = []
        var parameters: [String] = []
        for (column, value) in [("tag", query.tag), ("requested_channel", query.channel), ("job_id", query.report)] {
            guard let value else { continue }
            conditions.append("r.\(column) = ?")
            parameters.append(value)
        }
        if !statuses.isEmpty {
            conditions.append("r.status IN (\(statuses.map { _ in "?" }.joined(separator: ",")))")
            parameters += statuses
        }
        if let submitted = query.submitted {
            conditions.append("r.dt_job_submitted >= ? AND r.dt_job_submitted < ?")
            parameters += [submitted.lowerBound, submitted.upperBound].map(bound)
        }
        return (conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))", parameters)
    }

    /// A moment as the shortest of its texts: other programs leave zeros of the milliseconds out, and a longer text of the
    /// same moment sorts behind it.
    private static func bound(_ time: Timestamp) -> String {
        let text = RequestColumns.text(of: time)
        guard let point = text.lastIndex(of: ".") else { return text }
        let digits = text[text.index(after: point)...].reversed().drop { $0 == "0" }
        return digits.isEmpty ? String(text[..<point]) : text[...point] + String(digits.reversed())
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

    private static func read(_ row: Statement) throws -> StoredRequest {
        let (request, run) = try SQLiteJobTable.readJoined(row)
        return StoredRequest(request: request, run: run)
    }
}
