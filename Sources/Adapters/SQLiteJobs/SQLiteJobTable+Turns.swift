import JobLifecycle
import ReportModel
import SQLiteAccess

extension SQLiteJobTable {
    /// Jumps from channel to channel in the index; the rows between are not looked at.
    func waitingChannels(reports: Set<String>) throws -> [WaitingChannel] {
        try database.with(
            """
            WITH RECURSIVE channel (name) AS (
                SELECT min(requested_channel) FROM job_request WHERE status = 'SUBMITTED'
                UNION ALL
                SELECT (SELECT min(requested_channel) FROM job_request
                        WHERE status = 'SUBMITTED' AND requested_channel > channel.name)
                FROM channel WHERE channel.name IS NOT NULL)
            SELECT name, (SELECT dt_job_submitted FROM job_request
                          WHERE status = 'SUBMITTED' AND requested_channel = name
                          ORDER BY dt_job_submitted LIMIT 1)
            FROM channel WHERE name IS NOT NULL
            """
        ) { statement in
            var channels: [WaitingChannel] = []
            while try statement.step() {
                channels.append(WaitingChannel(name: statement.text(0) ?? "", oldest: Self.submission(statement, 1)))
            }
            return channels
        }
    }

    func oldestWaiting(
        in channel: String, reports: Set<String>, at now: Timestamp, mayLease: (WaitingRequest) -> Bool
    ) throws -> WaitingRequest? {
        let sql =
            Self.selectWaiting
            + "WHERE r.status = 'SUBMITTED' AND r.requested_channel = ? ORDER BY r.dt_job_submitted, r.tag, r.request_id"
        return try database.with(sql) { statement in
            try statement.bind(1, channel)
            while try statement.step() {
                guard reports.isEmpty || reports.contains(statement.text(8) ?? "") else { continue }
                let waiting = Self.waiting(statement)
                if waiting.notBefore.map({ $0 <= now }) ?? true, mayLease(waiting.request) { return waiting.request }
            }
            return nil
        }
    }

    func allWaiting(at now: Timestamp, reports: Set<String>) throws -> [WaitingRequest] {
        let sql = Self.selectWaiting + "WHERE r.status = 'SUBMITTED' OR r.status = 'FAILED' AND n.will_retry = 1"
        return try database.with(sql) { statement in
            var all: [WaitingRequest] = []
            while try statement.step() {
                guard reports.isEmpty || reports.contains(statement.text(8) ?? "") else { continue }
                let waiting = Self.waiting(statement)
                if waiting.notBefore.map({ $0 <= now }) ?? true { all.append(waiting.request) }
            }
            return all
        }
    }

    func liveRuns() throws -> [(channel: String, shareKey: ShareKey?, firstLeasedAt: Timestamp?)] {
        try database.with(
            """
            SELECT r.requested_channel, n.share_key, n.first_leased_at
            FROM job_run n JOIN job_request r USING (tag, request_id)
            WHERE n.owner IS NOT NULL AND r.status = 'PROCESSING'
            """
        ) { statement in
            var runs: [(channel: String, shareKey: ShareKey?, firstLeasedAt: Timestamp?)] = []
            while try statement.step() {
                runs.append(
                    (
                        statement.text(0) ?? "", statement.text(1).map(ShareKey.init(text:)),
                        RunColumns.timestamp(statement, 2)
                    ))
            }
            return runs
        }
    }

    func sharers(of key: ShareKey) throws -> [RequestKey] {
        try database.with(
            """
            SELECT n.tag, n.request_id FROM job_run n JOIN job_request r USING (tag, request_id)
            WHERE n.share_key = ? AND r.status IN ('SUBMITTED', 'FAILED')
            """
        ) { statement in
            try statement.bind(1, key.text)
            var keys: [RequestKey] = []
            while try statement.step() { keys.append(Self.key(statement)) }
            return keys
        }
    }

    func finishedBatches(after moment: Timestamp) throws -> [String: ChannelStanding] {
        try database.with(
            """
            SELECT channel, count(*), sum(csv_bytes) FROM finished_batch WHERE finished_at > ? GROUP BY channel
            """
        ) { statement in
            try statement.bind(1, moment.milliseconds)
            var standings: [String: ChannelStanding] = [:]
            while try statement.step() {
                standings[statement.text(0) ?? ""] = ChannelStanding(
                    batches: Int(statement.integer(1)), bytes: statement.integer(2))
            }
            return standings
        }
    }

    /// Just the columns that a turn depends on: lines can be long.
    private static let selectWaiting = """
        SELECT r.tag, r.request_id, r.requested_channel, r.dt_job_submitted, n.share_key, n.fresh_since,
            n.not_before, r.status, r.job_id
        FROM job_request r LEFT JOIN job_run n ON n.tag = r.tag AND n.request_id = r.request_id\n
        """

    private static func waiting(_ row: Statement) -> (request: WaitingRequest, notBefore: Timestamp?) {
        let request = WaitingRequest(
            key: key(row), channel: row.text(2) ?? "",
            submittedAt: submission(row, 3),
            shareKey: row.text(4).map(ShareKey.init(text:)), freshSince: RunColumns.timestamp(row, 5))
        return (request, RunColumns.timestamp(row, 6))
    }

    /// When a row was submitted; a row without a time is older than all others, also to SQLite.
    private static func submission(_ row: Statement, _ column: Int) -> Timestamp {
        row.bytes(column).flatMap { Timestamp(parsing: $0) } ?? Timestamp(milliseconds: 0)
    }
}
