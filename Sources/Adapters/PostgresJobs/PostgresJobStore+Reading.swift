public import JobLifecycle
import PostgresAccess
public import ReportModel
public import ReportPorts

extension PostgresJobStore {
    /// Reads of several statements see one moment.
    static let snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    /// As `JobStore.request`.
    public func request(_ requestID: String, tag: String?) async throws -> StoredRequest? {
        let condition = "WHERE r.request_id = $1::text AND ($2::text IS NULL OR r.tag = $2::text) "
        let sql = sql.selectJoined + condition + "ORDER BY \(JobSQL.turn) LIMIT 1"
        return try await pool.run { connection in
            let rows = try connection.query(sql, [.text(requestID), PostgresValue(tag)])
            return rows.count == 0 ? nil : try Self.read(rows, 0)
        }
    }

    /// As `JobStore.requests`.
    public func requests(_ query: RequestQuery) async throws -> [StoredRequest] {
        let (condition, values) = Self.condition(query)
        let (behind, place) = query.after.map(behind) ?? ("", [])
        let sql =
            sql.selectJoined + condition + behind + """
                ORDER BY r.dt_job_submitted DESC NULLS LAST, r.tag COLLATE "C", r.request_id COLLATE "C"
                LIMIT $7::bigint
                """
        return try await pool.run { connection in
            let rows = try connection.query(sql, values + [.integer(Int64(max(0, query.limit)))] + place)
            return try (0..<rows.count).map { try Self.read(rows, $0) }
        }
    }

    /// As `JobStore.count`.
    public func count(_ query: RequestQuery) async throws -> Int {
        let (condition, values) = Self.condition(query)
        let sql = "SELECT count(*) FROM \(sql.tables.request) r " + condition
        return try await pool.run { Int(try $0.query(sql, values).integer(0, 0) ?? 0) }
    }

    private static func condition(_ query: RequestQuery) -> (sql: String, values: [PostgresValue]) {
        let statuses = query.statuses.map(\.rawValue) + (query.statuses.contains(.success) ? ["COMPLETED"] : [])
        let sql = """
            WHERE ($1::text IS NULL OR r.tag = $1::text)
                AND ($2::text IS NULL OR r.requested_channel = $2::text)
                AND ($3::text[] = '{}' OR upper(r.status::text) = ANY ($3::text[]))
                AND ($4::text IS NULL OR r.job_id = $4::text)
                AND ($5::text IS NULL OR r.dt_job_submitted::timestamp >= $5::text::timestamp
                    AND r.dt_job_submitted::timestamp < $6::text::timestamp)

            """
        let values: [PostgresValue] = [
            PostgresValue(query.tag), PostgresValue(query.channel), .texts(statuses.sorted()),
            PostgresValue(query.report), PostgresValue(query.submitted.map { RequestCells.text(of: $0.lowerBound) }),
            PostgresValue(query.submitted.map { RequestCells.text(of: $0.upperBound) }),
        ]
        return (sql, values)
    }

    /// The rows behind a place. Other programs write microseconds, of which a place knows nothing: the row's own time
    /// counts as long as it still is of that moment.
    private func behind(_ place: RequestPlace) -> (sql: String, values: [PostgresValue]) {
        let key: [PostgresValue] = [.text(place.key.tag), .text(place.key.requestID)]
        let keys = #"(r.tag COLLATE "C", r.request_id COLLATE "C") > ($8::text, $9::text)"#
        guard place.submittedAt != Timestamp(milliseconds: 0) else {
            return ("AND r.dt_job_submitted IS NULL AND \(keys)\n", key)
        }
        let time = """
            (SELECT coalesce(max(p.dt_job_submitted::timestamp), $10::text::timestamp) FROM \(sql.tables.request) p
                WHERE p.tag = $8::text AND p.request_id = $9::text
                    AND date_trunc('milliseconds', p.dt_job_submitted::timestamp) = $10::text::timestamp)
            """
        let sql = """
            AND (r.dt_job_submitted IS NULL OR r.dt_job_submitted::timestamp < \(time)
                OR r.dt_job_submitted::timestamp = \(time) AND \(keys))

            """
        return (sql, key + [.text(RequestCells.text(of: place.submittedAt))])
    }

    /// As `JobStore.waitingLine`.
    public func waitingLine() async throws -> WaitingLine {
        try await pool.run { [sql, rules, clock] connection in
            try connection.transaction(Self.snapshot) {
                let now = try clock.now(connection)
                let table = PostgresJobTable(connection, sql)
                return try JobTransactions(table: table, rules: rules, now: now).waitingLine()
            }
        }
    }

    /// As `JobStore.foreignRuns`.
    public func foreignRuns() async throws -> [JobRequest] {
        try await pool.run { [sql] connection in
            let rows = try connection.query(sql.foreignRuns)
            return (0..<rows.count).map { RequestCells.read(rows, $0) }
        }
    }

    /// As `JobStore.nextDue`.
    public func nextDue() async throws -> Timestamp? {
        try await pool.run { [sql] in try PostgresJobTable($0, sql).nextDue() }
    }

    /// As `JobStore.renew`: one statement for all runs, and one that asks which channels have had their share.
    public func renew(_ renewals: [LeaseRenewal]) async throws -> [LeaseAnswer] {
        if renewals.isEmpty { return [] }
        return try await pool.run { [sql, rules, clock] connection in
            let now = try clock.now(connection)
            let windowStart = rules.throttleWindowStart(at: now)
            let rows = try connection.pipeline([
                PostgresStatement(sql.renew, Self.values(of: renewals, now)),
                PostgresStatement(sql.finishedBatches, [.integer(windowStart.milliseconds)]),
            ])
            var held: [LeaseToken: (cancelWished: Bool, channel: String)] = [:]
            for row in 0..<rows[0].count {
                let key = RequestKey(tag: rows[0].text(row, 0) ?? "", requestID: rows[0].text(row, 1) ?? "")
                let token = LeaseToken(key: key, fencing: rows[0].integer(row, 2) ?? 0)
                held[token] = (rows[0].bool(row, 3), rows[0].text(row, 4) ?? "")
            }
            let finished = PostgresJobTable.standings(rows[1])
            return try renewals.map { renewal in
                guard let found = held[renewal.token] else {
                    return LeaseAnswer(token: renewal.token, isHeld: false, cancelWished: false)
                }
                let hasHadItsShare = finished[found.channel]?.isOver(renewal.throttle) == true
                let mustYield =
                    try hasHadItsShare
                    && connection.transaction(Self.snapshot) {
                        let table = PostgresJobTable(connection, sql, locks: false)
                        return try JobTransactions(table: table, rules: rules, now: now)
                            .mustYield(found.channel, renewal)
                    }
                return LeaseAnswer(
                    token: renewal.token, isHeld: true, cancelWished: found.cancelWished, mustYield: mustYield)
            }
        }
    }

    private static func values(of renewals: [LeaseRenewal], _ now: Timestamp) -> [PostgresValue] {
        func integers(_ value: (LeaseRenewal) -> Int) -> PostgresValue { .integers(renewals.map { Int64(value($0)) }) }
        return [
            .texts(renewals.map(\.token.key.tag)), .texts(renewals.map(\.token.key.requestID)),
            .integers(renewals.map(\.token.fencing)),
            .integers(renewals.map { now.adding(seconds: $0.leaseSeconds).milliseconds - now.milliseconds }),
            integers(\.progress.learnersDone), integers(\.progress.learnersExpected), integers(\.progress.rows),
            integers(\.progress.stretchesDone), integers(\.progress.stretchesExpected),
            .integer(now.milliseconds),
        ]
    }

    private static func read(_ rows: PostgresRows, _ row: Int) throws -> StoredRequest {
        let request = RequestCells.read(rows, row)
        return StoredRequest(
            request: request, run: try RunCells.read(rows, row, from: RequestCells.count, of: request.key))
    }
}
