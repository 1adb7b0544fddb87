import PostgresAccess
public import ReportModel
public import ReportPorts

extension PostgresAuditStore: AuditLog {
    private static let columns =
        "at, action, userid, consumer_id, channel, report, tag, request_id, batches, address, detail"

    /// As `AuditLog.append`.
    public func append(_ entry: AuditEntry) async throws {
        // Made once, so that an attempt whose answer was lost is known again.
        let mark = Self.mark()
        let values: [PostgresValue] = [
            now, .text(mark), .text(entry.action.rawValue), PostgresValue(entry.userID),
            PostgresValue(entry.consumerID), .text(entry.channel), PostgresValue(entry.report),
            PostgresValue(entry.request?.tag), PostgresValue(entry.request?.requestID), .texts(entry.batches),
            .text(entry.address), .text(entry.detail),
        ]
        let insert = """
            INSERT INTO \(tables.entry) (mark, \(Self.columns))
            VALUES ($2::uuid, \(Self.moment(1)), $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text,
                $10::text[], $11::text, $12::text)
            ON CONFLICT (mark) DO NOTHING
            """
        try await pool.run { _ = try $0.query(insert, values) }
    }

    /// As `AuditLog.entries`.
    public func entries(_ query: AuditQuery) async throws -> [AuditEntry] {
        // One statement for every query, so that few are prepared.
        let select = """
            SELECT at, action, userid, consumer_id, channel, report, tag, request_id, to_json(batches), address, detail
            FROM \(tables.entry)
            WHERE ($1::text IS NULL OR userid = $1::text) AND ($2::text IS NULL OR channel = $2::text)
                AND ($3::text IS NULL OR request_id = $3::text) AND ($4::bigint IS NULL OR at >= $4::bigint)
                AND (cardinality($5::text[]) = 0 OR action = ANY($5::text[]))
            ORDER BY number DESC LIMIT $6::bigint
            """
        let values: [PostgresValue] = [
            PostgresValue(query.userID), PostgresValue(query.channel), PostgresValue(query.requestID),
            PostgresValue(query.since?.milliseconds), .texts(query.actions.map(\.rawValue).sorted()),
            .integer(Int64(max(0, query.limit))),
        ]
        return try await pool.run { connection in
            let rows = try connection.query(select, values)
            return try (0..<rows.count).map { try Self.entry(rows, $0) }
        }
    }

    /// As `AuditLog.expire`; what the tables' own rule keeps longer stays.
    public func expire(before moment: Timestamp) async throws -> Int {
        let delete = """
            DELETE FROM \(tables.entry) WHERE at < $1::bigint
                AND at < (SELECT extract(epoch FROM clock_timestamp()) - keep_days * 86400.0 FROM \(tables.rule)) * 1000
            """
        return try await pool.run { try $0.query(delete, [.integer(moment.milliseconds)]).written }
    }

    /// 32 hexadecimal digits, which PostgreSQL takes for a UUID.
    private static func mark() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }

    private static func entry(_ rows: PostgresRows, _ row: Int) throws -> AuditEntry {
        let word = rows.text(row, 1) ?? ""
        guard let action = AuditEntry.Action(rawValue: word) else {
            throw ExhaustError(
                .newerVersion, "audit log: it has entries of the kind \(word), which this version does not know",
                remedy: "Use the newer version of exhaust.")
        }
        let batches = try JSONValue(parsing: rows.text(row, 8) ?? "[]", name: "column batches of the audit log")
        var request: RequestKey?
        if let tag = rows.text(row, 6), let id = rows.text(row, 7) { request = RequestKey(tag: tag, requestID: id) }
        var entry = AuditEntry(
            action: action, userID: rows.text(row, 2), consumerID: rows.text(row, 3), channel: rows.text(row, 4) ?? "",
            report: rows.text(row, 5), request: request, batches: batches.elements?.compactMap(\.text) ?? [],
            address: rows.text(row, 9) ?? "", detail: rows.text(row, 10) ?? "")
        entry.at = Timestamp(milliseconds: rows.integer(row, 0) ?? 0)
        return entry
    }
}
