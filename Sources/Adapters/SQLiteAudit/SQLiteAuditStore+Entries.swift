import BlockingWork
public import ReportModel
public import ReportPorts
import SQLiteAccess

extension SQLiteAuditStore: AuditLog {
    private static let columns =
        "at, action, userid, consumer_id, channel, report, tag, request_id, batches, address, detail"

    /// As `AuditLog.append`.
    public func append(_ entry: AuditEntry) async throws {
        try await write { [clock] database in
            try database.with("INSERT INTO audit_entry (\(Self.columns)) VALUES (?,?,?,?,?,?,?,?,?,?,?)") { row in
                try row.bind(1, clock().milliseconds)
                try row.bind(2, entry.action.rawValue)
                try row.bind(3, entry.userID)
                try row.bind(4, entry.consumerID)
                try row.bind(5, entry.channel)
                try row.bind(6, entry.report)
                try row.bind(7, entry.request?.tag)
                try row.bind(8, entry.request?.requestID)
                try row.bind(9, JSONValue.array(entry.batches.map(JSONValue.string)).compactText)
                try row.bind(10, entry.address)
                try row.bind(11, entry.detail)
                try row.run()
            }
        }
    }

    /// As `AuditLog.entries`.
    public func entries(_ query: AuditQuery) async throws -> [AuditEntry] {
        var conditions: [String] = []
        for (value, column) in [(query.userID, "userid"), (query.channel, "channel"), (query.requestID, "request_id")]
        where value != nil {
            conditions.append("\(column) = ?")
        }
        if query.since != nil { conditions.append("at >= ?") }
        let actions = query.actions.map(\.rawValue).sorted()
        if !actions.isEmpty { conditions.append("action IN (\(actions.map { _ in "?" }.joined(separator: ",")))") }
        let condition = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
        let sql = "SELECT \(Self.columns) FROM audit_entry \(condition) ORDER BY number DESC LIMIT ?"
        return try await readers.run { database in
            try database.with(sql) { row in
                var place = 0
                for text in [query.userID, query.channel, query.requestID].compactMap({ $0 }) {
                    place += 1
                    try row.bind(place, text)
                }
                if let since = query.since {
                    place += 1
                    try row.bind(place, since.milliseconds)
                }
                for action in actions {
                    place += 1
                    try row.bind(place, action)
                }
                try row.bind(place + 1, max(0, query.limit))
                var entries: [AuditEntry] = []
                while try row.step() { entries.append(try Self.entry(row)) }
                return entries
            }
        }
    }

    /// As `AuditLog.expire`; what the file's own rule keeps longer stays.
    public func expire(before moment: Timestamp) async throws -> Int {
        try await write { database in
            let sql = """
                DELETE FROM audit_entry WHERE at < ?1
                    AND at < (unixepoch('now') - (SELECT keep_days FROM audit_rule) * 86400) * 1000
                """
            try database.with(sql) { statement in
                try statement.bind(1, moment.milliseconds)
                try statement.run()
            }
            return database.changes
        }
    }

    private static func entry(_ row: Statement) throws -> AuditEntry {
        let word = row.text(1) ?? ""
        guard let action = AuditEntry.Action(rawValue: word) else {
            throw ExhaustError(
                .newerVersion, "audit log: it has entries of the kind \(word), which this version does not know",
                remedy: "Use the newer version of exhaust.")
        }
        let batches = try JSONValue(parsing: row.text(8) ?? "", name: "column batches of audit_entry")
        var request: RequestKey?
        if let tag = row.text(6), let id = row.text(7) { request = RequestKey(tag: tag, requestID: id) }
        var entry = AuditEntry(
            action: action, userID: row.text(2), consumerID: row.text(3), channel: row.text(4) ?? "",
            report: row.text(5), request: request, batches: batches.elements?.compactMap(\.text) ?? [],
            address: row.text(9) ?? "", detail: row.text(10) ?? "")
        entry.at = Timestamp(milliseconds: row.integer(0))
        return entry
    }
}
