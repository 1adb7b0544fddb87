import JobLifecycle
import ReportModel
import SQLiteAccess

/// The tables of a job store through one connection, inside a transaction that the caller began.
struct SQLiteJobTable: JobTable {
    let database: Database

    func isFaultOfRow(_ error: ExhaustError) -> Bool { error.isFaultOfOneRow }

    func load(_ key: RequestKey) throws -> (request: JobRequest, run: JobRun?)? {
        try database.with(Self.selectJoined + "WHERE r.tag = ? AND r.request_id = ?") { statement in
            try statement.bind(1, key.tag)
            try statement.bind(2, key.requestID)
            return try statement.step() ? try Self.readJoined(statement) : nil
        }
    }

    func loadOrphan(_ key: RequestKey) throws -> JobRun? {
        let sql = "SELECT \(RunColumns.names) FROM job_run n WHERE n.tag = ? AND n.request_id = ?"
        return try database.with(sql) { statement in
            try statement.bind(1, key.tag)
            try statement.bind(2, key.requestID)
            return try statement.step() ? try RunColumns.read(statement, from: 0, of: key) : nil
        }
    }

    func save(_ request: JobRequest, _ run: JobRun?) throws {
        try database.with(RequestColumns.upsert) { statement in
            try RequestColumns.bind(request, to: statement)
            try statement.run()
        }
        guard let run else { return }
        try database.with(RunColumns.upsert) { statement in
            try RunColumns.bind(run, of: request, to: statement)
            try statement.run()
        }
    }

    func releaseOrphan(_ key: RequestKey) throws {
        let sql = "UPDATE job_run SET owner = NULL, leased_until = NULL WHERE tag = ? AND request_id = ?"
        try database.with(sql) { statement in
            try statement.bind(1, key.tag)
            try statement.bind(2, key.requestID)
            try statement.run()
        }
    }

    func endedLeases(at now: Timestamp) throws -> [RequestKey] {
        try keys(
            """
            SELECT tag, request_id FROM job_run
            WHERE owner IS NOT NULL AND (leased_until <= ? OR leased_until IS NULL)
            """, now)
    }

    func endedBackOffs(at now: Timestamp) throws -> [RequestKey] {
        try keys(
            """
            SELECT n.tag, n.request_id FROM job_run n JOIN job_request r USING (tag, request_id)
            WHERE n.will_retry = 1 AND (n.not_before <= ? OR n.not_before IS NULL) AND r.status = 'FAILED'
            """, now)
    }

    func addFinished(_ batch: FinishedBatch, forgettingBefore moment: Timestamp) throws {
        try database.with("DELETE FROM finished_batch WHERE finished_at <= ?") { statement in
            try statement.bind(1, moment.milliseconds)
            try statement.run()
        }
        try database.with("INSERT INTO finished_batch VALUES (?, ?, ?)") { statement in
            try statement.bind(1, batch.channel)
            try statement.bind(2, batch.at.milliseconds)
            try statement.bind(3, batch.bytes)
            try statement.run()
        }
    }

    func nextDue() throws -> Timestamp? {
        try database.with(
            """
            SELECT min(due) FROM (
                SELECT min(leased_until) AS due FROM job_run WHERE owner IS NOT NULL
                UNION ALL
                SELECT min(n.not_before) FROM job_run n JOIN job_request r USING (tag, request_id)
                WHERE n.will_retry = 1 AND r.status = 'FAILED')
            """
        ) { try $0.step() ? RunColumns.timestamp($0, 0) : nil }
    }

    private func keys(_ sql: String, _ moment: Timestamp) throws -> [RequestKey] {
        try database.with(sql) { statement in
            try statement.bind(1, moment.milliseconds)
            var keys: [RequestKey] = []
            while try statement.step() { keys.append(Self.key(statement)) }
            return keys
        }
    }

    static func key(_ row: Statement) -> RequestKey {
        RequestKey(tag: row.text(0) ?? "", requestID: row.text(1) ?? "")
    }

    /// Rows with their runs, for a WHERE of the caller's.
    static let selectJoined = """
        SELECT \(RequestColumns.names), \(RunColumns.names)
        FROM job_request r LEFT JOIN job_run n ON n.tag = r.tag AND n.request_id = r.request_id\n
        """

    static func readJoined(_ row: Statement) throws -> (request: JobRequest, run: JobRun?) {
        let request = RequestColumns.read(row)
        return (request, try RunColumns.read(row, from: RequestColumns.count, of: request.key))
    }
}
