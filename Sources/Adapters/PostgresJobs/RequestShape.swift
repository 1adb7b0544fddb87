import PostgresAccess
import ReportModel

/// The columns of `job_request` as they are found: types and widths differ between deployments (upstream.md 1.1).
struct RequestShape: Sendable, Hashable {
    struct Column: Sendable, Hashable {
        /// As SQL writes it, such as `character varying(100)`.
        var type: String
        /// Characters that it holds; nil without a limit.
        var width: Int?
    }

    /// The seventeen columns, in upstream's order.
    static let names = [
        "tag", "request_id", "job_id", "status", "request_data", "requested_by", "requested_channel",
        "dt_job_submitted", "download_urls", "dt_file_created", "dt_job_completed", "execution_time", "err_message",
        "iteration", "encryption_key", "batch_number", "processed_batches",
    ]

    /// By name; all seventeen are there.
    let columns: [String: Column]

    /// Reads them. Throws `dataDamaged` if the table or one of the columns is not there.
    init(_ connection: PostgresConnection, _ tables: JobTables) throws {
        let rows = try connection.query(
            """
            SELECT a.attname::text, format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.atttypid IN (1042, 1043) AND a.atttypmod > 4 THEN a.atttypmod - 4 END
            FROM pg_attribute a WHERE a.attrelid = to_regclass($1::text) AND a.attnum > 0 AND NOT a.attisdropped
            """, [.text(tables.request)])
        var columns: [String: Column] = [:]
        for row in 0..<rows.count {
            columns[rows.text(row, 0) ?? ""] = Column(
                type: rows.text(row, 1) ?? "text", width: rows.integer(row, 2).map { Int($0) })
        }
        guard rows.count > 0 else {
            throw ExhaustError(
                .dataDamaged, "\(connection.database): there is no table \(tables.request)",
                remedy: "Check postgres.db, postgres.schema and postgres.table.job_request, or run `exhaust migrate`, "
                    + "which makes a table that is missing.", mender: .operator)
        }
        let missing = Self.names.filter { columns[$0] == nil }
        guard missing.isEmpty else {
            let additions = missing.map { "ADD COLUMN \($0) \(Self.usualTypes[$0] ?? "text")" }
            throw ExhaustError(
                .dataDamaged,
                "\(connection.database), table \(tables.request): no column \(missing.joined(separator: ", "))",
                remedy: "Run: ALTER TABLE \(tables.request) \(additions.joined(separator: ", "))", mender: .operator)
        }
        self.columns = columns.filter { Self.names.contains($0.key) }
    }

    func type(_ name: String) -> String { columns[name]?.type ?? "text" }

    /// What a value for the column is cast to. Not the column's own type where that has a width: a cast to it would cut the
    /// value silently, while storing a longer one is an error.
    func castType(_ name: String) -> String {
        let type = type(name)
        let array = type.hasSuffix("[]") ? "[]" : ""
        if type.hasPrefix("character varying") { return "character varying" + array }
        return type.hasPrefix("character(") ? "bpchar" + array : type
    }
    func width(_ name: String) -> Int? { columns[name]?.width }

    /// Whether the column is `integer`, which holds no more than 31 bits.
    func isNarrowInteger(_ name: String) -> Bool { type(name) == "integer" }

    /// Types of a table that we make ourselves: upstream's, as wide as it ever had them.
    static let usualTypes: [String: String] = [
        "tag": "varchar(100) NOT NULL", "request_id": "varchar(50) NOT NULL", "job_id": "varchar(50)",
        "status": "varchar(50)", "request_data": "json", "requested_by": "varchar(50)",
        "requested_channel": "varchar(50)", "dt_job_submitted": "timestamp", "download_urls": "text[]",
        "dt_file_created": "timestamp", "dt_job_completed": "timestamp", "execution_time": "integer",
        "err_message": "varchar(300)", "iteration": "integer", "encryption_key": "varchar(500)",
        "batch_number": "integer", "processed_batches": "text",
    ]
}
