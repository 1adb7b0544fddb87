import BlockingWork
import ReportModel
public import ReportPorts
import SQLiteAccess

/// The table `dataset_metadata` lies beside that of the requests, as it does in a deployment.
extension SQLiteJobStore: DatasetStore {
    /// As `DatasetStore.dataset`.
    public func dataset(subID: String) async throws -> DatasetMetadata? {
        let sql = DatasetColumns.select + "WHERE dataset_sub_id = ? ORDER BY dataset_id"
        return try await readers.run { database in
            try database.with(sql) { statement in
                try statement.bind(1, subID)
                return try statement.step() ? try DatasetColumns.read(statement) : nil
            }
        }
    }

    /// As `DatasetStore.datasets`.
    public func datasets() async throws -> [DatasetMetadata] {
        let sql = DatasetColumns.select + "ORDER BY dataset_id, dataset_sub_id"
        return try await readers.run { database in
            try database.with(sql) { statement in
                var rows: [DatasetMetadata] = []
                while try statement.step() { rows.append(try DatasetColumns.read(statement)) }
                return rows
            }
        }
    }

    /// As `DatasetStore.put`.
    public func put(_ dataset: DatasetMetadata) async throws -> Bool {
        try await writing.write { database in
            let others = "SELECT 1 FROM dataset_metadata WHERE dataset_sub_id = ? AND dataset_id <> ?"
            let belongsToAnother = try database.with(others) { statement in
                try statement.bind(1, dataset.subID)
                try statement.bind(2, dataset.datasetID)
                return try statement.step()
            }
            if belongsToAnother { return false }
            try database.with(DatasetColumns.upsert) { statement in
                try DatasetColumns.bind(dataset, to: statement)
                try statement.run()
            }
            return true
        }
    }
}

/// The columns of `dataset_metadata` (upstream.md 1.2).
enum DatasetColumns {
    private static let names = [
        "dataset_id", "dataset_sub_id", "dataset_config", "visibility", "dataset_type", "version", "authorized_roles",
        "available_from", "sample_request", "sample_response", "validation_json", "druid_query", "limits",
        "supported_formats", "exhaust_type",
    ]

    static let select = "SELECT \(names.joined(separator: ", ")) FROM dataset_metadata "

    static let upsert = """
        INSERT INTO dataset_metadata (\(names.joined(separator: ", ")))
        VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT DO UPDATE SET \(names.dropFirst(2).map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
        """

    static func read(_ row: Statement) throws -> DatasetMetadata {
        var dataset = DatasetMetadata(datasetID: row.text(0) ?? "", subID: row.text(1) ?? "")
        dataset.config = try json(row, 2)
        dataset.visibility = row.text(3)
        dataset.type = row.text(4)
        dataset.version = row.text(5)
        dataset.authorizedRoles = try json(row, 6).map { ($0.elements ?? []).compactMap(\.text) }
        dataset.availableFrom = row.bytes(7).flatMap { Timestamp(parsing: $0) }
        dataset.sampleRequest = row.text(8)
        dataset.sampleResponse = row.text(9)
        dataset.validation = try json(row, 10)
        dataset.druidQuery = try json(row, 11)
        dataset.limits = try json(row, 12)
        dataset.supportedFormats = try json(row, 13).map { ($0.elements ?? []).compactMap(\.text) }
        dataset.exhaustType = row.text(14)
        return dataset
    }

    static func bind(_ dataset: DatasetMetadata, to statement: Statement) throws {
        func list(_ texts: [String]?) -> String? { texts.map { JSONValue.array($0.map(JSONValue.string)).compactText } }
        let values: [String?] = [
            dataset.datasetID, dataset.subID, dataset.config?.compactText, dataset.visibility, dataset.type,
            dataset.version, list(dataset.authorizedRoles), dataset.availableFrom.map(RequestColumns.text(of:)),
            dataset.sampleRequest, dataset.sampleResponse, dataset.validation?.compactText,
            dataset.druidQuery?.compactText, dataset.limits?.compactText, list(dataset.supportedFormats),
            dataset.exhaustType,
        ]
        for (place, value) in values.enumerated() { try statement.bind(place + 1, value) }
    }

    /// A damaged cell must not count as an absent one: roles and schemas of a dataset would count as none.
    private static func json(_ row: Statement, _ column: Int) throws -> JSONValue? {
        guard let text = row.text(column) else { return nil }
        do {
            return try JSONValue(parsing: text, name: "dataset_metadata.\(row.columnName(column))")
        } catch {
            throw ExhaustError(
                .dataDamaged, "dataset \(row.text(1) ?? ""): \(row.columnName(column)) is no JSON",
                remedy: "Add the dataset again.", mender: .operator, cause: error)
        }
    }
}
