import BlockingWork
import JobLifecycle
import ReportModel
public import ReportPorts
import SQLiteAccess

extension SQLiteJobStore: JobTallying {
    /// As `JobTallying.tally`.
    public func tally() async throws -> [JobTally] {
        let sql = """
            SELECT job_id, status, count(*), min(dt_job_submitted) FROM job_request GROUP BY job_id, status ORDER BY 1, 2
            """
        return try await readers.run { [rules] database in
            try database.with(sql) { statement in
                var tallies: [JobTally] = []
                while try statement.step() {
                    // A state that only other programs know is theirs to count.
                    guard let status = statement.text(1).flatMap(RequestStatus.init(rawValue:)) else { continue }
                    let report = statement.text(0) ?? ""
                    let oldest = rules.isOurs(report) ? statement.text(3).flatMap { Timestamp($0) } : nil
                    tallies.append(
                        JobTally(
                            report: report, status: status, count: Int(statement.integer(2)),
                            oldest: oldest))
                }
                return tallies
            }
        }
    }
}
