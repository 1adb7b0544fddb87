import ReportModel
import ReportPorts
import ReportRows

/// What a file contains and leaves out, and why (design.md 1, 7). Holds no personal data.
struct BatchReceipt: Sendable {
    var requestID: String?
    var report: any ReportDefinition
    var context: ReportContext
    var level: SecurityLevel
    var tally: Tally
    var entries: [EntryReceipt]
    /// Findings about the file and the request, besides those of the rows.
    var findings: [Finding.Code: Int]
    var dataVersion: String?
    /// When the data was as the rows show it: the same moment twice, or the window of reading.
    var dataFrom: Timestamp
    var dataThrough: Timestamp
    /// How the store read its tables.
    var readings: [TableReading] = []
    var rules: [(String, JSONValue)]

    /// The receipt as JSON.
    var json: JSONValue {
        let batch = context.batch
        var members: [JSONValue.Member] = [
            .init("receipt", .integer(1)),
            .init("madeBy", .string("exhaust \(ProductVersion.current)")),
        ]
        if let requestID { members.append(.init("requestId", .string(requestID))) }
        members += [
            .init("report", .string(report.id)),
            .init("layout", .string(context.layout.rawValue)),
            .init("level", .string(level.rawValue)),
            .init(
                "batch",
                .members(
                    ("id", .string(batch.batch.key.batch)), ("name", .string(batch.batch.name ?? "")),
                    ("collectionId", .string(batch.collection.identifier)),
                    ("collectionName", .string(batch.collection.name)),
                    ("requestingOrganisation", .string(batch.requestingOrganisation)))),
            .init(
                "counts",
                .members(
                    ("enrolled", .integer(tally.learners)), ("reported", .integer(tally.reported)),
                    ("rows", .integer(tally.rows)))),
            .init("leftOut", Self.json(tally.leftOut)),
            .init("findings", Self.json(tally.findings.merging(findings, uniquingKeysWith: +))),
            .init("entries", .array(entries.map(Self.json))),
            .init(
                "dataAsOf",
                .members(("from", .string(dataFrom.iso8601)), ("through", .string(dataThrough.iso8601)))),
        ]
        if let dataVersion { members.append(.init("dataVersion", .string(dataVersion))) }
        if !readings.isEmpty { members.append(.init("reading", .array(readings.map(Self.json)))) }
        members.append(.init("settings", .object(rules.map { JSONValue.Member($0.0, $0.1) })))
        return .object(members)
    }

    private static func json(_ counts: [Finding.Code: Int]) -> JSONValue {
        .array(
            counts.sorted { $0.key < $1.key }.map { code, count in
                .members(
                    ("code", .string(code.name)), ("severity", .string(code.severity.rawValue)),
                    ("count", .integer(count)), ("meaning", .string(code.meaning)))
            })
    }

    private static func json(_ reading: TableReading) -> JSONValue {
        .members(
            ("table", .string(reading.table)), ("way", .string(reading.way)), ("reason", .string(reading.reason)))
    }

    private static func json(_ entry: EntryReceipt) -> JSONValue {
        .members(
            ("name", .string(entry.name)), ("rows", .integer(entry.rows)), ("bytes", .integer(entry.bytes)),
            ("sha256", .string(entry.sha256)))
    }
}
