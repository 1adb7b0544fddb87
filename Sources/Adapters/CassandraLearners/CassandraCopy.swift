import CassandraAccess
public import ReportModel

/// Copies what a deployment holds of some batches, row by row in import form (design.md 5): the server writes each row as
/// JSON, so that nothing of it is lost.
public struct CassandraCopy: Sendable {
    /// Takes rows of a table, each a JSON object without a line end. Called by several tasks at once.
    public typealias Sink = @Sendable (_ table: String, _ rows: [[UInt8]]) async throws -> Void

    private let source: CassandraSource
    private let reading: CassandraReading

    /// A copy of the cluster's rows.
    public init(_ source: CassandraSource, reading: CassandraReading) {
        self.source = source
        self.reading = reading
    }

    /// Hands `batches` with their learners, aggregates, attempts and consent to `sink`, and the deployment's settings and
    /// policies.
    public func run(_ batches: [BatchKey], to sink: @escaping Sink) async throws {
        let opened = try await source.opened()
        let tables = CassandraTables(source.keyspaces, opened.schema, enrolments: reading.enrolments)
        for batch in batches {
            let key: [(column: String, value: String)] = [("courseid", batch.collection), ("batchid", batch.batch)]
            try await copy("course_batch", from: source.keyspaces.batches, where: key, opened, to: sink)
            try await copy("user_enrolments", from: tables.enrolments, where: key, opened, to: sink)
            try await copy(
                "user_activity_agg", from: tables.aggregates, where: [("context_id", "cb:\(batch.batch)")], opened,
                to: sink)
            try await copy(
                "assessment_aggregator", from: tables.attempts,
                where: [("course_id", batch.collection), ("batch_id", batch.batch)], opened, to: sink)
        }
        for collection in Set(batches.map(\.collection)).sorted() {
            try await copy(
                "content_hierarchy", from: source.keyspaces.trees, where: [("identifier", collection)], opened, to: sink
            )
            try await copy(
                "user_consent", from: tables.consents, where: [("object_id", collection)], opened, to: sink)
        }
        try await copy(
            "system_settings", from: source.keyspaces.settings, where: [("id", "custodianOrgId")], opened, to: sink)
        try await copy("tenant_preference", from: source.keyspaces.preferences, where: [], opened, to: sink)
    }

    /// The partition where the columns name one, else the whole table, whose other rows the server drops.
    private func copy(
        _ target: String, from table: String, where conditions: [(column: String, value: String)],
        _ opened: CassandraSource.Opened, to sink: @escaping Sink
    ) async throws {
        let shape = try CassandraSource.table(table, in: opened.schema, columns: conditions.map(\.column))
        let what = "copy \(table)"
        let named = Set(conditions.map(\.column))
        let isPartition = shape.partitionKey.allSatisfy { named.contains($0) }
        let values = conditions.map { QueryValue.text(Array($0.value.utf8)) }
        var parts = conditions.map { "\($0.column) = ?" }
        if !isPartition { parts.append(TableScan.condition(shape.partitionKey)) }
        let query = try await opened.session.prepare(
            "SELECT JSON * FROM \(table) WHERE \(parts.joined(separator: " AND "))"
                + (isPartition || conditions.isEmpty ? "" : " ALLOW FILTERING"), what)
        if isPartition {
            var pages = try opened.session.pages(of: query, values, pageRows: TableScan.pageRows / 5, what)
            while let page = try await pages.next() { try await sink(target, Self.rows(page)) }
            return
        }
        let scan = TableScan(
            session: opened.session, query: query, values: values, what: what, streams: reading.streams)
        try await scan.run {
            NoState()
        } _: { _, page in
            try await sink(target, Self.rows(page))
        } end: { _ in
        }
    }

    private struct NoState: ~Copyable {}

    private static func rows(_ page: CassandraPage) -> [[UInt8]] {
        var rows: [[UInt8]] = []
        page.forEachRow { row in
            if let json = row.bytes(0) { rows.append(Array(json)) }
        }
        return rows
    }
}
