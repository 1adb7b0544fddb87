import JobLifecycle
import PostgresAccess
public import ReportModel
public import ReportPorts

extension PostgresJobStore: RowRetaining {
    /// Rows that one statement removes, so that none holds its locks for long.
    static let careLimit: Int64 = 1_000

    private static let hasEnded = """
        upper(r.status::text) IN ('SUCCESS', 'COMPLETED', 'CANCELLED', 'FAILED')
        AND coalesce(r.dt_job_completed, r.dt_job_submitted) < $1::timestamp
        """

    private static let isLeft = "n.owner IS NULL AND NOT n.will_retry"
    private static let asked = "unnest($1::text[], $2::text[]) AS k (tag, request_id)"

    /// As `RowRetaining.forgetRuns`. Runs whose row is gone and that nobody holds go too.
    public func forgetRuns(endedBefore moment: Timestamp) async throws -> Int {
        let (request, run) = (sql.tables.request, sql.tables.run)
        let noRow = "NOT EXISTS (SELECT FROM \(request) r WHERE r.tag = n.tag AND r.request_id = n.request_id)"
        let delete = "DELETE FROM \(run) n USING \(Self.asked) WHERE n.tag = k.tag AND n.request_id = k.request_id"
        let ended = try await remove(
            moment,
            select: """
                SELECT n.tag, n.request_id FROM \(run) n JOIN \(request) r USING (tag, request_id)
                WHERE \(Self.isLeft) AND \(Self.hasEnded)
                ORDER BY n.tag, n.request_id LIMIT $2::bigint FOR UPDATE OF r, n SKIP LOCKED
                """, deletes: [delete])
        let orphans = try await remove(
            moment,
            select: """
                SELECT n.tag, n.request_id FROM \(run) n WHERE \(Self.isLeft) AND \(noRow)
                    AND coalesce(n.first_leased_at, 0) < extract(epoch FROM $1::timestamp) * 1000
                ORDER BY n.tag, n.request_id LIMIT $2::bigint FOR UPDATE OF n SKIP LOCKED
                """, deletes: ["\(delete) AND \(noRow)"])
        return ended + orphans
    }

    /// As `RowRetaining.removeRequests`.
    public func removeRequests(of reports: Set<String>, endedBefore moment: Timestamp) async throws -> Int {
        let (request, run) = (sql.tables.request, sql.tables.run)
        return try await remove(
            moment, [.texts(reports.sorted())],
            select: """
                SELECT r.tag::text, r.request_id::text FROM \(request) r
                WHERE \(Self.hasEnded) AND r.job_id::text = ANY($3::text[])
                    AND coalesce(r.download_urls::text, '{}') = '{}' AND NOT EXISTS (
                    SELECT FROM \(run) n
                    WHERE n.tag = r.tag AND n.request_id = r.request_id AND NOT (\(Self.isLeft)))
                ORDER BY r.tag, r.request_id LIMIT $2::bigint FOR UPDATE OF r SKIP LOCKED
                """,
            deletes: [
                "DELETE FROM \(run) n USING \(Self.asked) WHERE n.tag = k.tag AND n.request_id = k.request_id",
                "DELETE FROM \(request) r USING \(Self.asked) WHERE r.tag = k.tag AND r.request_id = k.request_id",
            ])
    }

    /// Locks what `select` answers and then deletes it, looking again where another program could have come between. `more`
    /// are the values of `select` from `$3` on. Answers how many rows the last statement deleted.
    private func remove(
        _ moment: Timestamp, _ more: [PostgresValue] = [], select: String, deletes: [String]
    ) async throws -> Int {
        var all = 0
        while true {
            let (found, deleted) = try await pool.run { connection in
                try connection.transaction {
                    let rows = try connection.query(
                        select, [.text(RequestCells.text(of: moment)), .integer(Self.careLimit)] + more)
                    let keys = PostgresJobTable.keys(rows)
                    if keys.isEmpty { return (0, 0) }
                    let values: [PostgresValue] = [.texts(keys.map(\.tag)), .texts(keys.map(\.requestID))]
                    let results = try connection.pipeline(deletes.map { PostgresStatement($0, values) })
                    return (keys.count, results.last?.written ?? 0)
                }
            }
            all += deleted
            if found < Int(Self.careLimit) { return all }
        }
    }
}

extension PostgresJobStore: HealthReporting {
    /// As `HealthReporting.subject`.
    public var subject: String { "jobs" }

    /// As `HealthReporting.health`: the database, the pool, and how much waits.
    public func health() async -> [ComponentHealth] {
        let figures = pool.figures
        var health = ComponentHealth(
            name: "job-store", place: "table \(sql.tables.schema).\(sql.tables.requestTable)",
            figures: [
                "connections_open": Double(figures.open), "connections_busy": Double(figures.busy),
                "connections_made_total": Double(figures.connects), "repeated_total": Double(figures.repeats),
            ])
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let queue = try await probes.run { [sql, rules] connection in
                let rows = try connection.query(sql.queueFigures, [.texts(rules.reports.sorted())])
                return (
                    place: connection.database, waiting: rows.integer(0, 0) ?? 0, leased: rows.integer(0, 1) ?? 0,
                    backingOff: rows.integer(0, 2) ?? 0
                )
            }
            health.place = "\(queue.place), \(health.place)"
            health.figures["requests_waiting"] = Double(queue.waiting)
            health.figures["requests_leased"] = Double(queue.leased)
            health.figures["requests_backing_off"] = Double(queue.backingOff)
        } catch let error as ExhaustError {
            health.problem = error
        } catch {
            health.problem = ExhaustError(.unavailable, "job store: it does not answer", cause: error)
        }
        let took = clock.now - start
        health.milliseconds = Int(took.components.seconds * 1000 + took.components.attoseconds / 1_000_000_000_000_000)
        return [health]
    }
}

extension PostgresJobStore {
    /// Whether anything was ever kept here that a master key seals.
    public func hasRuns() async throws -> Bool {
        try await pool.run { [sql] in
            try $0.query("SELECT EXISTS (SELECT FROM \(sql.tables.run))").bool(0, 0)
        }
    }

    /// Makes sure that all machines seal with the same master key: the first one that comes notes its identity, which tells
    /// nothing of the key. Throws `refused` on a machine with another.
    public func requireSameKey(identity: String) async throws {
        let known = try await pool.run { [sql] connection in
            try connection.query(
                "INSERT INTO \(sql.tables.fact) VALUES ('master key', $1::text) ON CONFLICT DO NOTHING",
                [.text(identity)])
            return try connection.query("SELECT value FROM \(sql.tables.fact) WHERE name = 'master key'").text(0, 0)
        }
        guard known == identity else {
            throw ExhaustError(
                .refused, "master key: it is not the one that the job store's passwords are sealed with",
                remedy: "Copy master.key from the machine that used the job store first, or set masterKey to it.",
                mender: .operator)
        }
    }

    /// What is unwise about the tables as they are found, for `exhaust doctor`.
    public func findings() async throws -> [TableFinding] {
        try await pool.run { [sql] connection in
            var found = TableFinding.ofColumns(sql.cells.shape, sql.tables)
            for extra in JobExtra.all(sql.tables) where try connection.query(extra.check).count == 0 {
                found.append(
                    TableFinding(
                        text: "\(sql.tables.request): no \(extra.name), so \(extra.loss)",
                        remedy: "Run `exhaust migrate`, or have the table's owner run: "
                            + extra.creation.joined(separator: "; ")))
            }
            return found
        }
    }
}

/// Something about a table that can be better.
public struct TableFinding: Sendable, Hashable {
    /// What it is, and what comes of it.
    public var text: String
    /// What to do.
    public var remedy: String

    /// Widths under which something is lost (upstream.md 1.1).
    private static let widths: [(column: String, needed: Int, loss: String)] = [
        ("err_message", 300, "error texts are cut"),
        ("encryption_key", 88, "keys that other programs encrypt before they file them do not fit"),
        ("request_id", 32, "no request of ours fits"),
        ("job_id", 24, "names of reports do not fit"),
        ("status", 10, "states do not fit"),
    ]

    static func ofColumns(_ shape: RequestShape, _ tables: JobTables) -> [TableFinding] {
        widths.compactMap { column, needed, loss in
            guard let width = shape.width(column), width < needed else { return nil }
            return TableFinding(
                text: "\(tables.request), column \(column): it holds \(width) characters, so \(loss)",
                remedy: "Run: ALTER TABLE \(tables.request) ALTER COLUMN \(column) TYPE varchar(\(needed))")
        }
    }
}
