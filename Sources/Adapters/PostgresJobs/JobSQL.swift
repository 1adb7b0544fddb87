import PostgresAccess
import ReportModel

/// The statements of the job store over tables as they are found. `r` is a row of `job_request`, `n` its run.
///
/// Every change of ours locks the row of `job_request` first and then that of `job_run`, each read anew once it is locked;
/// a heartbeat locks the run alone. Rows that others hold are passed over where any row will do.
struct JobSQL: Sendable {
    let tables: JobTables
    let cells: RequestCells

    init(_ tables: JobTables, _ shape: RequestShape) {
        self.tables = tables
        cells = RequestCells(shape: shape)
    }

    /// As the index has them. Statuses are compared in any case, as upstream does.
    static let isWaiting = "upper(r.status::text) = 'SUBMITTED'"
    static let channel = #"(coalesce(r.requested_channel::text, '') COLLATE "C")"#
    static let job = #"(coalesce(r.job_id::text, '') COLLATE "C")"#
    static let turn = #"r.dt_job_submitted NULLS FIRST, r.tag COLLATE "C", r.request_id COLLATE "C""#
    private static let isRunning = "upper(r.status::text) = 'PROCESSING'"
    private static let key = "tag = $1::text AND request_id = $2::text"

    private var joined: String { "\(tables.run) n JOIN \(tables.request) r USING (tag, request_id)" }
    private var outer: String {
        "\(tables.request) r LEFT JOIN \(tables.run) n ON n.tag = r.tag AND n.request_id = r.request_id"
    }

    /// Milliseconds by the server's clock.
    static let clock = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"

    var lockRequest: String {
        "SELECT \(RequestCells.names) FROM \(tables.request) r WHERE r.\(Self.keyOfRow) FOR UPDATE"
    }
    private static let keyOfRow = "tag = $1::text AND r.request_id = $2::text"
    var lockRun: String { "SELECT \(RunCells.names) FROM \(tables.run) n WHERE \(Self.key) FOR UPDATE" }

    var insertRequest: String {
        let values = RequestShape.names.enumerated().map { "$\($0 + 1)::\(cells.shape.castType($1))" }
        return "INSERT INTO \(tables.request) (\(RequestShape.names.joined(separator: ", "))) "
            + "VALUES (\(values.joined(separator: ", ")))"
    }

    var insertRun: String {
        let values = RunCells.columns.enumerated().map { "$\($0 + 1)::\($1.type)" }
        return "INSERT INTO \(tables.run) (\(RunCells.columns.map(\.name).joined(separator: ", "))) "
            + "VALUES (\(values.joined(separator: ", ")))"
    }

    /// Sets the columns at `places`, whose values begin at `$3`.
    func updateRequest(_ places: [Int]) -> String {
        let settings = places.enumerated().map { number, place in
            let name = RequestShape.names[place]
            return "\(name) = $\(number + 3)::\(cells.shape.castType(name))"
        }
        return "UPDATE \(tables.request) SET \(settings.joined(separator: ", ")) WHERE \(Self.key)"
    }

    func updateRun(_ places: [Int]) -> String {
        let settings = places.enumerated().map { number, place in
            "\(RunCells.columns[place].name) = $\(number + 3)::\(RunCells.columns[place].type)"
        }
        return "UPDATE \(tables.run) SET \(settings.joined(separator: ", ")) WHERE \(Self.key)"
    }

    var releaseOrphan: String { "UPDATE \(tables.run) SET owner = NULL, leased_until = NULL WHERE \(Self.key)" }

    // MARK: What is due

    var endedLeases: String {
        """
        SELECT n.tag, n.request_id FROM \(joined)
        WHERE n.owner IS NOT NULL AND (n.leased_until <= $1::bigint OR n.leased_until IS NULL)
        ORDER BY n.tag, n.request_id LIMIT $2::bigint FOR UPDATE OF r, n SKIP LOCKED
        """
    }

    var endedOrphans: String {
        """
        SELECT n.tag, n.request_id FROM \(tables.run) n
        WHERE n.owner IS NOT NULL AND (n.leased_until <= $1::bigint OR n.leased_until IS NULL)
            AND NOT EXISTS (SELECT FROM \(tables.request) r WHERE r.tag = n.tag AND r.request_id = n.request_id)
        ORDER BY n.tag, n.request_id LIMIT $2::bigint FOR UPDATE OF n SKIP LOCKED
        """
    }

    var endedBackOffs: String {
        """
        SELECT n.tag, n.request_id FROM \(joined)
        WHERE n.will_retry AND (n.not_before <= $1::bigint OR n.not_before IS NULL)
            AND upper(r.status::text) = 'FAILED'
        ORDER BY n.tag, n.request_id LIMIT $2::bigint FOR UPDATE OF r, n SKIP LOCKED
        """
    }

    var nextDue: String {
        """
        SELECT min(due) FROM (
            SELECT min(leased_until) AS due FROM \(tables.run) WHERE owner IS NOT NULL
            UNION ALL
            SELECT min(n.not_before) FROM \(joined)
            WHERE n.will_retry AND upper(r.status::text) = 'FAILED') AS d
        """
    }

    // MARK: Whose turn it is

    var liveRuns: String {
        """
        SELECT r.requested_channel::text, n.share_key, n.first_leased_at FROM \(joined)
        WHERE n.owner IS NOT NULL AND \(Self.isRunning)
        """
    }

    /// The `job_id`s that `asked` names, or all that wait if it names none, each found by one look into the index.
    private func names(_ asked: String) -> String {
        let first = "SELECT \(Self.job) FROM \(tables.request) r WHERE \(Self.isWaiting) AND \(asked) = '{}'"
        return """
            j (name) AS (
                (\(first) ORDER BY \(Self.job) LIMIT 1)
                UNION ALL SELECT (\(first) AND \(Self.job) > j.name ORDER BY \(Self.job) LIMIT 1)
                FROM j WHERE j.name IS NOT NULL),
            names (name) AS (
                SELECT name FROM j WHERE name IS NOT NULL UNION ALL SELECT unnest(\(asked)) COLLATE "C")
            """
    }

    /// Jumps from channel to channel in the index, for each report; the rows between are not looked at. A channel can be
    /// there several times.
    var waitingChannels: String {
        let rows = "FROM \(tables.request) r WHERE \(Self.isWaiting) AND \(Self.job)"
        let next = "SELECT \(Self.channel) \(rows)"
        return """
            WITH RECURSIVE \(names("$1::text[]")),
            c (job, name) AS (
                SELECT n.name, (\(next) = n.name ORDER BY \(Self.channel) LIMIT 1) FROM names n
                UNION ALL
                SELECT c.job, (\(next) = c.job AND \(Self.channel) > c.name ORDER BY \(Self.channel) LIMIT 1) FROM c WHERE c.name IS NOT NULL)
            SELECT name, (
                SELECT r.dt_job_submitted::text \(rows) = c.job AND \(Self.channel) = c.name ORDER BY \(Self.turn) LIMIT 1)
            FROM c WHERE name IS NOT NULL
            """
    }

    private static let turnColumns =
        "r.tag::text, r.request_id::text, \(channel), r.dt_job_submitted::text, n.share_key, n.fresh_since"

    /// The oldest of a channel (`$1`), so many of each report (`$2`): rows of other programs are never looked at, however
    /// many there are.
    private func heads(_ width: Int) -> String {
        """
        names n CROSS JOIN LATERAL (
            SELECT r.tag, r.request_id FROM \(tables.request) r
            WHERE \(Self.isWaiting) AND \(Self.job) = n.name AND \(Self.channel) = $1::text
            ORDER BY \(Self.turn) LIMIT \(width)) h
        """
    }

    /// `locked` takes each row that it answers, and passes over what others hold. Only the oldest `width` of each report are
    /// looked at.
    func oldestWaiting(width: Int, locked: Bool) -> String {
        """
        WITH RECURSIVE \(names("$2::text[]"))
        SELECT \(Self.turnColumns) FROM (SELECT h.tag, h.request_id FROM \(heads(width))) k
        JOIN \(tables.request) r ON r.tag = k.tag AND r.request_id = k.request_id
        LEFT JOIN \(tables.run) n ON n.tag = r.tag AND n.request_id = r.request_id
        WHERE \(Self.isWaiting)
            AND (n.not_before IS NULL OR n.not_before <= $3::bigint)
        ORDER BY \(Self.turn) LIMIT $4::bigint OFFSET $5::bigint \(locked ? "FOR UPDATE OF r SKIP LOCKED" : "")
        """
    }

    /// Whether there are more than those `width` of each report.
    func areMoreWaiting(width: Int) -> String {
        """
        WITH RECURSIVE \(names("$2::text[]"))
        SELECT coalesce(max(found), 0) > \(width)
        FROM (SELECT count(*) AS found FROM \(heads(width + 1)) GROUP BY n.name) AS counted
        """
    }

    var allWaiting: String {
        """
        SELECT \(Self.turnColumns) FROM \(outer)
        WHERE (\(Self.isWaiting) OR upper(r.status::text) = 'FAILED' AND n.will_retry)
            AND (n.not_before IS NULL OR n.not_before <= $1::bigint)
            AND ($2::text[] = '{}' OR r.job_id::text = ANY ($2::text[]))
        """
    }

    /// Only one transaction at a time leases a request with this share key. Such locks are of the whole database, so the
    /// table is part of what is hashed.
    var lockShareKey: String {
        "SELECT pg_try_advisory_xact_lock(\(Self.advisoryClass), "
            + "hashtext(\(SQLName.constant(tables.run)) || $1::text))"
    }
    /// `EXHJ`: tells our advisory locks from those of others.
    static let advisoryClass = 0x4558_484A

    var liveSharers: String {
        """
        SELECT count(*), max(n.first_leased_at) FROM \(joined)
        WHERE n.share_key = $1::text AND n.owner IS NOT NULL AND \(Self.isRunning)
        """
    }

    var sharers: String {
        """
        SELECT n.tag, n.request_id FROM \(joined)
        WHERE n.share_key = $1::text AND upper(r.status::text) IN ('SUBMITTED', 'FAILED')
        ORDER BY n.tag, n.request_id
        """
    }

    var finishedBatches: String {
        "SELECT channel, count(*), sum(csv_bytes)::bigint FROM \(tables.batch) WHERE finished_at > $1::bigint "
            + "GROUP BY channel"
    }

    /// A few at a time, and none that another worker is at.
    var forgetFinished: String {
        """
        DELETE FROM \(tables.batch) WHERE ctid = ANY (ARRAY (
            SELECT ctid FROM \(tables.batch) WHERE finished_at <= $1::bigint LIMIT 100 FOR UPDATE SKIP LOCKED))
        """
    }

    var addFinished: String { "INSERT INTO \(tables.batch) VALUES ($1::text, $2::bigint, $3::bigint)" }

    /// One statement for all runs of a worker: the same as `RequestMachine` lets a heartbeat do.
    var renew: String {
        """
        WITH asked AS (
            SELECT * FROM unnest(
                $1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                $8::bigint[], $9::bigint[])
            AS a (tag, request_id, fencing, lease, done, expected, row_count, stretches, all_stretches)),
        held AS (
            SELECT n.tag, n.request_id FROM \(tables.run) n JOIN asked a USING (tag, request_id)
            WHERE n.owner IS NOT NULL AND n.fencing = a.fencing
            ORDER BY n.tag, n.request_id FOR UPDATE OF n)
        UPDATE \(tables.run) n SET leased_until = coalesce($10::bigint, \(Self.clock)) + a.lease,
            learners_done = a.done, learners_expected = a.expected, row_count = a.row_count,
            stretches_done = a.stretches, stretches_expected = a.all_stretches
        FROM asked a, held h, \(tables.request) r
        WHERE h.tag = n.tag AND h.request_id = n.request_id AND a.tag = n.tag AND a.request_id = n.request_id
            AND r.tag = n.tag AND r.request_id = n.request_id AND \(Self.isRunning)
        RETURNING n.tag, n.request_id, n.fencing, n.cancel_wished, r.requested_channel::text
        """
    }

    var queueFigures: String {
        """
        SELECT (SELECT count(*) FROM \(tables.request) r WHERE \(Self.isWaiting) AND ($1::text[] = '{}' OR \(Self.job) = ANY ($1::text[]))), (
            SELECT count(*) FROM \(tables.run) WHERE owner IS NOT NULL), (
            SELECT count(*) FROM \(tables.run) WHERE will_retry)
        """
    }

    // MARK: Reading

    /// Rows with their runs, for a WHERE of the caller's.
    var selectJoined: String { "SELECT \(RequestCells.names), \(RunCells.names) FROM \(outer) " }

    var foreignRuns: String {
        selectJoined + "WHERE \(Self.isRunning) AND n.owner IS NULL ORDER BY \(Self.turn)"
    }
}
