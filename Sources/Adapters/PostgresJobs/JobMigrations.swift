import PostgresAccess

extension JobTables {
    /// Our tables beside `job_request`, in all their versions. Times are milliseconds since 1970.
    var schemaOfRuns: PostgresSchema {
        PostgresSchema(
            name: "job tables", versionTable: version, component: "jobs",
            migrations: [runsAndBatches, shortShareKeys, questions, stretches])
    }

    private var runsAndBatches: PostgresMigration {
        let later = ["question", "stretches_done", "stretches_expected"]
        let columns = RunCells.columns.filter { !later.contains($0.name) }.map { column in
            let isNeeded = [
                "tag", "request_id", "password_hash", "fencing", "lost_leases", "will_retry",
                "cancel_wished", "learners_done", "learners_expected", "row_count", "publishing", "files",
            ]
            return "\(column.name) \(column.type)\(isNeeded.contains(column.name) ? " NOT NULL" : "")"
        }
        return PostgresMigration(
            name: "runs and finished batches",
            forward: """
                CREATE TABLE \(run) (\(columns.joined(separator: ", ")), PRIMARY KEY (tag, request_id));
                CREATE INDEX ON \(run) (leased_until) WHERE owner IS NOT NULL;
                CREATE INDEX ON \(run) (not_before) WHERE will_retry;
                CREATE INDEX ON \(run) (share_key) WHERE share_key IS NOT NULL;
                CREATE TABLE \(batch) (
                    channel text NOT NULL, finished_at bigint NOT NULL, csv_bytes bigint NOT NULL);
                CREATE INDEX ON \(batch) (finished_at, channel, csv_bytes);
                CREATE TABLE \(fact) (name text PRIMARY KEY, value text NOT NULL);
                """)
    }

    /// Share keys were whole configurations, of which an index has no room for the longer ones. Servers before PostgreSQL 11
    /// cannot hash so; there, requests of before share no run any more.
    private var shortShareKeys: PostgresMigration {
        PostgresMigration(
            name: "short share keys",
            forward: """
                DO $body$ BEGIN
                    IF to_regprocedure('sha256(bytea)') IS NULL THEN
                        UPDATE \(run) SET share_key = NULL WHERE share_key IS NOT NULL;
                    ELSE
                        UPDATE \(run) SET share_key = encode(sha256(convert_to(share_key, 'UTF8')), 'hex')
                        WHERE share_key IS NOT NULL;
                    END IF;
                END $body$
                """)
    }

    private var questions: PostgresMigration {
        PostgresMigration(
            name: "what runs are made for", forward: "ALTER TABLE \(run) ADD COLUMN question text")
    }

    private var stretches: PostgresMigration {
        PostgresMigration(
            name: "progress of reading whole tables",
            forward: """
                ALTER TABLE \(run) ADD COLUMN stretches_done bigint, ADD COLUMN stretches_expected bigint
                """)
    }

    /// `job_request` as upstream makes it; only where there is none.
    var creationOfRequests: String {
        let columns = RequestShape.names.map { "\($0) \(RequestShape.usualTypes[$0] ?? "text")" }
        return "CREATE TABLE IF NOT EXISTS \(request) (\(columns.joined(separator: ", ")), "
            + "PRIMARY KEY (tag, request_id))"
    }
}

/// What makes work quick on a table that is not ours: two indexes, and a trigger that tells workers of rows that any
/// program submits. None of it touches a column, and all of it can be missing: then work is found by asking.
struct JobExtra: Sendable {
    /// What it is, for people.
    let name: String
    /// What is lost without it.
    let loss: String
    /// Answers one row if it is there and good.
    let check: String
    /// Each a statement of its own, outside a transaction.
    let creation: [String]

    static func all(_ tables: JobTables) -> [JobExtra] {
        [
            // First, since indexes can take long and their making can fail.
            trigger(tables),
            index(
                tables.waitingIndex, tables,
                "\(JobSQL.job), \(JobSQL.channel), \(JobSQL.turn)", where: JobSQL.isWaiting,
                loss: "every look for work reads the whole table", former: tables.formerIndex),
            index(
                tables.identityIndex, tables, "r.request_id", where: nil,
                loss: "finding a request by its id alone reads the whole table"),
        ]
    }

    private static func index(
        _ name: String, _ tables: JobTables, _ columns: String, where condition: String?, loss: String,
        former: String? = nil
    ) -> JobExtra {
        let full = SQLName.quoted(tables.schema, name)
        let rest = condition.map { " WHERE \($0)" } ?? ""
        // The statements name the table `r`; an index has no such name.
        let definition = "\(tables.request) (\(columns))\(rest)".replacing("r.", with: "")
        return JobExtra(
            name: "index \(name)", loss: loss,
            check: "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(\(SQLName.constant(full))) AND indisvalid",
            creation: [
                // One whose making was cut off is there, costs at every write and is of no use.
                "DROP INDEX CONCURRENTLY IF EXISTS \(full)",
                "CREATE INDEX CONCURRENTLY \(SQLName.quoted(name)) ON \(definition)",
            ]
                + (former.map { ["DROP INDEX CONCURRENTLY IF EXISTS \(SQLName.quoted(tables.schema, $0))"] }
                    ?? []))
    }

    private static func trigger(_ tables: JobTables) -> JobExtra {
        let table = SQLName.constant(tables.request)
        return JobExtra(
            name: "trigger \(tables.trigger)", loss: "rows that other programs submit are found by asking now and then",
            check: "SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass(\(table)) "
                + "AND tgname = \(SQLName.constant(tables.trigger)) AND tgenabled <> 'D'",
            creation: [
                """
                CREATE OR REPLACE FUNCTION \(tables.noticeFunction)() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN \
                PERFORM pg_catalog.pg_notify(\(SQLName.constant(tables.channel)), '\(JobNotice.work.rawValue)'); \
                RETURN NULL; END $body$
                """,
                "DROP TRIGGER IF EXISTS \(tables.trigger) ON \(tables.request)",
                """
                CREATE TRIGGER \(tables.trigger) AFTER INSERT OR UPDATE OF status ON \(tables.request) FOR EACH ROW
                WHEN (upper(NEW.status::text) = 'SUBMITTED') EXECUTE PROCEDURE \(tables.noticeFunction)()
                """,
            ])
    }
}

/// What a notice of the database says.
enum JobNotice: String, Sendable {
    /// Something waits for a worker.
    case work
    /// Something else changed.
    case change
}
