import BlockingWork
import ReportModel
public import ReportPorts
import SQLiteAccess

extension SQLiteJobStore {
    /// As `JobStore.requests`.
    public func requests(_ query: RequestQuery) async throws -> [StoredRequest] {
        let limit = max(0, query.limit)
        return try await readers.run { database in
            var found: [StoredRequest] = []
            for condition in try Self.conditions(query, database) where found.count < limit {
                let sql =
                    SQLiteJobTable.selectJoined + condition.sql
                    + " ORDER BY r.dt_job_submitted DESC, r.tag, r.request_id LIMIT ?"
                try database.with(sql) { statement in
                    try condition.bind(to: statement)
                    try statement.bind(condition.parameters.count + 1, limit - found.count)
                    while try statement.step() { found.append(try Self.read(statement)) }
                }
            }
            return found
        }
    }

    /// As `JobStore.count`.
    public func count(_ query: RequestQuery) async throws -> Int {
        let condition = RowCondition(query)
        return try await readers.run { database in
            try database.with("SELECT count(*) FROM job_request r " + condition.sql) { statement in
                try condition.bind(to: statement)
                return try statement.step() ? Int(statement.integer(0)) : 0
            }
        }
    }

    /// What to read, one after the other: rows without a time of submission stand behind all others, and have a
    /// condition of their own so that the index on that time serves the rest.
    private static func conditions(_ query: RequestQuery, _ database: Database) throws -> [RowCondition] {
        let all = RowCondition(query)
        guard let place = query.after else { return [all] }
        let key = [place.key.tag, place.key.requestID]
        let undated = "r.dt_job_submitted IS NULL"
        guard let (first, last) = try texts(of: place, database) else {
            return [all.and("\(undated) AND (r.tag, r.request_id) > (?, ?)", key)]
        }
        let older = "r.dt_job_submitted <= ? AND (r.dt_job_submitted < ? OR (r.tag, r.request_id) > (?, ?))"
        return [all.and(older, [last, first] + key), all.and(undated, [])]
    }

    /// The least and the greatest text of the time of a place; nil if the row has none. Other programs write the same
    /// moment in several ways, so the row's own text counts as long as it still tells of that moment.
    private static func texts(of place: RequestPlace, _ database: Database) throws -> (first: String, last: String)? {
        let row = try database.with("SELECT dt_job_submitted FROM job_request WHERE tag = ? AND request_id = ?") {
            statement -> (isThere: Bool, text: String?) in
            try statement.bind(1, place.key.tag)
            try statement.bind(2, place.key.requestID)
            return try statement.step() ? (true, statement.text(0)) : (false, nil)
        }
        let undated = Timestamp(milliseconds: 0)
        if row.isThere, row.text.flatMap({ Timestamp($0) }) ?? undated == place.submittedAt {
            return row.text.map { ($0, $0) }
        }
        guard place.submittedAt != undated else { return nil }
        return (RowCondition.bound(place.submittedAt), RequestColumns.text(of: place.submittedAt) + "~")
    }
}

/// A condition on rows `r` of `job_request`, with the values of its parameters.
struct RowCondition {
    private(set) var sql: String
    private(set) var parameters: [String]

    init(_ query: RequestQuery) {
        let statuses = query.statuses.map(\.rawValue).sorted()
        var conditions: [String] = []
        parameters = []
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
            parameters += [submitted.lowerBound, submitted.upperBound].map(Self.bound)
        }
        sql = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
    }

    /// This condition and another.
    func and(_ other: String, _ more: [String]) -> RowCondition {
        var both = self
        both.sql = (sql.isEmpty ? "WHERE " : "\(sql) AND ") + other
        both.parameters += more
        return both
    }

    func bind(to statement: Statement) throws {
        for (place, parameter) in parameters.enumerated() { try statement.bind(place + 1, parameter) }
    }

    /// A moment as the shortest of its texts: other programs leave zeros of the milliseconds out, and a longer text of the
    /// same moment sorts behind it.
    static func bound(_ time: Timestamp) -> String {
        let text = RequestColumns.text(of: time)
        guard let point = text.lastIndex(of: ".") else { return text }
        let digits = text[text.index(after: point)...].reversed().drop { $0 == "0" }
        return digits.isEmpty ? String(text[..<point]) : text[...point] + String(digits.reversed())
    }
}
