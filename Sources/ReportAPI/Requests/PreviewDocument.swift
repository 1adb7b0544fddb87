import ReportModel
import ReportService
import SecureArchive

/// A preview as JSON.
enum PreviewDocument {
    static func json(_ preview: Preview, rule: PasswordRule) -> JSONValue {
        .members(
            ("level", .string(preview.level.rawValue)), ("layout", .string(preview.layout.rawValue)),
            ("needsPassword", .bool(preview.level.needsPassword)), ("passwordRule", json(rule)),
            ("columns", .array(preview.columns.map(json))),
            ("rows", .array(preview.rows.map { .array($0.map(JSONValue.string)) })),
            ("batches", .array(preview.batches.map { .string($0.key.batch) })),
            ("learners", .integer(preview.learners)), ("sampleLearners", .integer(preview.sampleLearners)),
            ("rowsEstimate", .integer(preview.rowsEstimate)), ("bytesEstimate", .integer(preview.bytesEstimate)),
            ("secondsEstimate", .number(tenths(preview.secondsEstimate))),
            (
                "findings",
                .array(
                    preview.findings.map { finding in
                        .members(
                            ("code", .string(finding.code.name)), ("severity", .string(finding.code.severity.rawValue)),
                            ("message", .string(finding.code.meaning)), ("count", .integer(finding.count)))
                    })
            ))
    }

    static func json(_ column: ColumnDescription) -> JSONValue {
        .members(
            ("label", .string(column.label)), ("meaning", .string(column.meaning)), ("source", .string(column.source)),
            ("unit", .string(column.unit)), ("isPersonal", .bool(column.isPersonal)))
    }

    static func json(_ rule: PasswordRule) -> JSONValue {
        .members(
            ("minimumCharacters", .integer(rule.minimumCharacters)),
            ("maximumBytes", .integer(Password.longestByteCount)),
            ("text", .string(rule.text)))
    }

    private static func tenths(_ seconds: Double) -> String {
        let tenths = Int64(min(max(seconds, 0), 1e9) * 10)
        return "\(tenths / 10).\(tenths % 10)"
    }
}
