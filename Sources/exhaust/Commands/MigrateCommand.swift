import PostgresAudit
import PostgresJobs
import ReportModel
import Settings

/// `exhaust migrate`
enum MigrateCommand {
    private static let sql = Parameter.flag(
        "sql", "Print the statements that this user may not run, for the owner of the job table.")

    static let command = Command(
        "migrate", summary: "Brings the tables in PostgreSQL to what this version needs.",
        details: """
            Makes the tables that stand beside job_request (runs, audit log, sessions), and where the user may, two indexes and a trigger on it. \
            Columns of job_request are never touched. Run it before a new version starts; running it again does nothing.
            """, parameters: [sql, SharedParameters.json]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        guard composition.settings.jobs.store == .postgres else {
            throw UsageError(
                "migrate: the setting jobs.store is embedded",
                remedy:
                    "The embedded store is brought up when it is opened. Set jobs.store to postgres to use a database.")
        }
        let report = try await JobMigration(composition.postgresOptions, tables: try composition.jobTables()).run()
        try await PostgresAuditStore.migrate(composition.postgresOptions, tables: try composition.auditTables())
        if arguments.has(SharedParameters.json) {
            try console.print(json(report).compactText + "\n")
        } else if arguments.has(sql) {
            for extra in report.refused { try console.print("\(extra.sql)\n") }
        } else {
            for line in lines(report) { try console.print("\(line)\n") }
        }
        return .success
    }

    private static func lines(_ report: JobMigration.Report) -> [String] {
        var lines: [String] = []
        if report.madeRequests { lines.append("job_request made, since there was none") }
        lines.append(
            report.versions.before == report.versions.now
                ? "job tables are at version \(report.versions.now)"
                : "job tables brought from version \(report.versions.before) to \(report.versions.now)")
        lines += report.made.map { "\($0) made" }
        for extra in report.refused {
            lines.append("\(extra.name) not made: this user may not; without it \(extra.loss)")
        }
        if !report.refused.isEmpty {
            lines.append("`exhaust migrate --sql` prints what the owner of the job table can run")
        }
        return lines
    }

    private static func json(_ report: JobMigration.Report) -> JSONValue {
        .members(
            ("madeRequests", .bool(report.madeRequests)), ("before", .integer(report.versions.before)),
            ("now", .integer(report.versions.now)), ("made", .array(report.made.map { .string($0) })),
            ("refused", .array(report.refused.map { .string($0.name) })))
    }
}
