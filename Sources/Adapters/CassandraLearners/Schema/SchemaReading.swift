import CassandraAccess

extension CassandraSchema {
    /// Reads what `system_schema` says of these keyspaces.
    static func read(_ keyspaces: [String], from session: CassandraSession) async throws -> CassandraSchema {
        var schema = CassandraSchema()
        let names = QueryValue.texts(keyspaces.map { Array($0.utf8) })
        let columns = try await session.prepare(
            "SELECT keyspace_name, table_name, column_name, kind, position, type FROM system_schema.columns "
                + "WHERE keyspace_name IN ?", "read the schema")
        var keys: [String: [(isPartition: Bool, position: Int32, column: String)]] = [:]
        try await session.forEachRow(of: columns, [names], "read the schema") { row in
            let table = "\(row.text(0)).\(row.text(1))"
            let column = row.text(2)
            schema.tables[table, default: TableShape()].types[column] = row.text(5)
            let kind = row.text(3)
            guard kind == "partition_key" || kind == "clustering" else { return }
            keys[table, default: []].append((kind == "partition_key", row.int(4) ?? 0, column))
        }
        for (table, columns) in keys {
            for key in columns.sorted(by: { $0.position < $1.position }) {
                if key.isPartition {
                    schema.tables[table]?.partitionKey.append(key.column)
                } else {
                    schema.tables[table]?.clusteringKey.append(key.column)
                }
            }
        }
        let types = try await session.prepare(
            "SELECT keyspace_name, type_name, field_names FROM system_schema.types WHERE keyspace_name IN ?",
            "read the schema")
        try await session.forEachRow(of: types, [names], "read the schema") { row in
            var names = row.elements(2)
            var fields: [String] = []
            while !names.isAtEnd { fields.append(names.next().map { String(decoding: $0, as: UTF8.self) } ?? "") }
            schema.fields["\(row.text(0)).\(row.text(1))"] = fields
        }
        schema.keyspaces = Set(schema.tables.keys.compactMap { $0.split(separator: ".").first.map(String.init) })
        return schema
    }
}

extension CassandraSession {
    /// Rows of a small answer.
    func forEachRow(
        of query: PreparedQuery, _ values: [QueryValue] = [], _ what: String, _ body: (CassandraRow) throws -> Void
    ) async throws {
        var pages = try pages(of: query, values, pageRows: 1_000, what)
        while let page = try await pages.next() { try page.forEachRow(body) }
    }
}

extension CassandraRow {
    /// A text, for code that is not on the hot path; empty for null.
    func text(_ column: Int) -> String { optionalText(column) ?? "" }

    /// A text, for code that is not on the hot path; nil for null.
    func optionalText(_ column: Int) -> String? { bytes(column).map { String(decoding: $0, as: UTF8.self) } }

    /// An `int`; nil for null.
    func int(_ column: Int) -> Int32? { bytes(column).flatMap(CQLNumber.int) }

    /// A list of texts.
    func texts(_ column: Int) -> [String] {
        var elements = elements(column)
        var texts: [String] = []
        while !elements.isAtEnd {
            if let element = elements.next() { texts.append(String(decoding: element, as: UTF8.self)) }
        }
        return texts
    }
}
