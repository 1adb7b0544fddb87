import JobLifecycle
import PostgresAccess
import ReportModel
public import ReportPorts

extension PostgresJobStore: JobTallying {
    /// As `JobTallying.tally`; gives up soon, since the next scrape comes by itself.
    public func tally() async throws -> [JobTally] {
        let sql = """
            SELECT job_id::text, upper(status::text), count(*), (extract(epoch FROM min(dt_job_submitted)) * 1000)::bigint
            FROM \(sql.tables.request) GROUP BY 1, 2 ORDER BY 1, 2
            """
        return try await probes.run { [rules] connection in
            let rows = try connection.query(sql)
            return (0..<rows.count).compactMap { row in
                // Upstream's word for SUCCESS in some of its programs (upstream.md 2.6).
                let word = rows.text(row, 1) == "COMPLETED" ? "SUCCESS" : rows.text(row, 1)
                guard let status = word.flatMap(RequestStatus.init(rawValue:)) else { return nil }
                let report = rows.text(row, 0) ?? ""
                let oldest =
                    rules.isOurs(report) ? rows.integer(row, 3).map(Timestamp.init(milliseconds:)) : nil
                return JobTally(
                    report: report, status: status, count: Int(rows.integer(row, 2) ?? 0),
                    oldest: oldest)
            }
        }
    }
}
