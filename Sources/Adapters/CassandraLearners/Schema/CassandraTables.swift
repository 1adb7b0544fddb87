import ReportModel

/// Names and shapes of the tables that learners are in.
struct CassandraTables: Sendable {
    let enrolments: String
    let aggregates: String
    let attempts: String
    let consents: String
    /// Names of the fields of the type `question`.
    let questionFields: [String]
    private let schema: CassandraSchema

    init(_ keyspaces: CassandraKeyspaces, _ schema: CassandraSchema, enrolments: String) {
        self.enrolments = "\(keyspaces.enrolments ?? keyspaces.courses).\(enrolments)"
        aggregates = "\(keyspaces.courses).user_activity_agg"
        attempts = "\(keyspaces.courses).assessment_aggregator"
        consents = "\(keyspaces.platform).user_consent"
        questionFields = schema.fields["\(keyspaces.courses).question"] ?? []
        self.schema = schema
    }

    func shape(_ table: String, columns: [String]) throws(ExhaustError) -> TableShape {
        try CassandraSource.table(table, in: schema, columns: columns)
    }

    func enrolments(columns: [String]) throws(ExhaustError) -> TableShape { try shape(enrolments, columns: columns) }
}
