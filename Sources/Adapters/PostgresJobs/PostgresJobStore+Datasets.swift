import PostgresAccess
import ReportModel
public import ReportPorts

/// The deployment's table `dataset_metadata`, beside its `job_request` (upstream.md 1.2). We never make it: where there is none,
/// there are no datasets.
extension PostgresJobStore: DatasetStore {
    /// As `DatasetStore.dataset`.
    public func dataset(subID: String) async throws -> DatasetMetadata? {
        let sql = select + "WHERE dataset_sub_id::text = $1::text ORDER BY dataset_id::text COLLATE \"C\" LIMIT 1"
        return try await datasets(sql, [.text(subID)]).first
    }

    /// As `DatasetStore.datasets`.
    public func datasets() async throws -> [DatasetMetadata] {
        try await datasets(
            select + "ORDER BY dataset_id::text COLLATE \"C\", dataset_sub_id::text COLLATE \"C\"", [])
    }

    /// As `DatasetStore.put`. Throws `unavailable` if the deployment has no such table.
    public func put(_ dataset: DatasetMetadata) async throws -> Bool {
        let table = sql.tables.dataset
        return try await pool.run { connection in
            do {
                return try connection.transaction {
                    // Two who add the same sub id at once wait for each other.
                    try connection.query("LOCK TABLE \(table) IN SHARE ROW EXCLUSIVE MODE")
                    let others =
                        "SELECT 1 FROM \(table) WHERE dataset_sub_id = $1::text AND dataset_id::text <> $2::text"
                    let keys: [PostgresValue] = [.text(dataset.subID), .text(dataset.datasetID)]
                    if try connection.query(others, keys).count > 0 { return false }
                    try connection.query(DatasetCells.upsert(table), DatasetCells.values(of: dataset))
                    return true
                }
            } catch  where DatasetCells.isMissingTable(error) {
                throw ExhaustError(
                    .unavailable, "datasets: the database has no table \(table)",
                    remedy: "Make it as the deployment does.",
                    mender: .operator, cause: error)
            }
        }
    }

    private var select: String { "SELECT \(DatasetCells.names) FROM \(sql.tables.dataset) " }

    private func datasets(_ sql: String, _ values: [PostgresValue]) async throws -> [DatasetMetadata] {
        try await pool.run { connection in
            do {
                let rows = try connection.query(sql, values)
                return try (0..<rows.count).map { try DatasetCells.read(rows, $0) }
            } catch  where DatasetCells.isMissingTable(error) {
                return []
            }
        }
    }
}

/// The columns of `dataset_metadata`; lists and JSON come as JSON text.
enum DatasetCells {
    static let names = """
        dataset_id::text, dataset_sub_id::text, dataset_config::text, visibility::text, dataset_type::text,
        version::text, to_json(authorized_roles)::text, available_from::text, sample_request::text,
        sample_response::text, validation_json::text, druid_query::text, limits::text,
        to_json(supported_formats)::text, exhaust_type::text
        """

    static func upsert(_ table: String) -> String {
        let columns = [
            "dataset_id", "dataset_sub_id", "dataset_config", "visibility", "dataset_type", "version",
            "authorized_roles", "available_from", "sample_request", "sample_response", "validation_json", "druid_query",
            "limits", "supported_formats", "exhaust_type",
        ]
        let types = [
            "text", "text", "json", "text", "text", "text", "text[]", "timestamp", "text", "text", "json", "json",
            "json",
            "text[]", "text",
        ]
        let values = types.enumerated().map { place, type in
            ["text", "text[]"].contains(type) ? "$\(place + 1)::\(type)" : "$\(place + 1)::text::\(type)"
        }
        return """
            INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(values.joined(separator: ", ")))
            ON CONFLICT (dataset_id, dataset_sub_id) DO UPDATE SET
                \(columns.dropFirst(2).map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            """
    }

    static func values(of dataset: DatasetMetadata) -> [PostgresValue] {
        func list(_ texts: [String]?) -> PostgresValue { texts.map { .texts($0) } ?? .null }
        return [
            .text(dataset.datasetID), .text(dataset.subID), PostgresValue(dataset.config?.compactText),
            PostgresValue(dataset.visibility), PostgresValue(dataset.type), PostgresValue(dataset.version),
            list(dataset.authorizedRoles), PostgresValue(dataset.availableFrom.map(RequestCells.text(of:))),
            PostgresValue(dataset.sampleRequest), PostgresValue(dataset.sampleResponse),
            PostgresValue(dataset.validation?.compactText), PostgresValue(dataset.druidQuery?.compactText),
            PostgresValue(dataset.limits?.compactText), list(dataset.supportedFormats),
            PostgresValue(dataset.exhaustType),
        ]
    }

    static func read(_ rows: PostgresRows, _ row: Int) throws -> DatasetMetadata {
        var dataset = DatasetMetadata(datasetID: rows.text(row, 0) ?? "", subID: rows.text(row, 1) ?? "")
        func json(_ column: Int) throws -> JSONValue? {
            try rows.text(row, column).map { try JSONValue(parsing: $0, name: "dataset \(dataset.subID)") }
        }
        func texts(_ column: Int) throws -> [String]? {
            try json(column).map { ($0.elements ?? []).compactMap(\.text) }
        }
        dataset.config = try json(2)
        dataset.visibility = rows.text(row, 3)
        dataset.type = rows.text(row, 4)
        dataset.version = rows.text(row, 5)
        dataset.authorizedRoles = try texts(6)
        dataset.availableFrom = rows.text(row, 7).flatMap { text in
            Array(text.utf8).withUnsafeBytes { Timestamp(parsing: $0) }
        }
        dataset.sampleRequest = rows.text(row, 8)
        dataset.sampleResponse = rows.text(row, 9)
        dataset.validation = try json(10)
        dataset.druidQuery = try json(11)
        dataset.limits = try json(12)
        dataset.supportedFormats = try texts(13)
        dataset.exhaustType = rows.text(row, 14)
        return dataset
    }

    /// Whether the deployment has no such table (SQLSTATE 42P01).
    static func isMissingTable(_ error: any Error) -> Bool {
        ((error as? ExhaustError)?.cause as? PostgresFailure)?.sqlState == "42P01"
    }
}
