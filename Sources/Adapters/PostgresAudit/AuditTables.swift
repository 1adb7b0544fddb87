public import PostgresAccess

/// Our tables of audit entries and sessions, beside the deployment's job table.
public struct AuditTables: Sendable {
    let entry: String
    let rule: String
    let session: String
    private let guardFunction: String
    private let versionTable: String

    /// Tables in the place of the job tables: `name` gives the quoted name of a table of ours, `version` is the quoted table
    /// that keeps versions.
    public init(version: String, name: (String) -> String) {
        entry = name("exhaust_audit")
        rule = name("exhaust_audit_rule")
        session = name("exhaust_session")
        guardFunction = name("exhaust_audit_guard")
        versionTable = version
    }

    /// The tables in all their versions.
    public var schema: PostgresSchema {
        PostgresSchema(
            name: "audit tables", versionTable: versionTable, component: "audit", migrations: [entriesAndSessions])
    }

    static let kept = "an audit entry is kept until its time"

    /// The triggers hold for every user of the database but the tables' owner who takes them away: an entry is never changed,
    /// and removed only when it is older than `keep_days` by the server's clock.
    private var entriesAndSessions: PostgresMigration {
        PostgresMigration(
            name: "entries and sessions",
            forward: """
                CREATE TABLE \(rule) (one integer PRIMARY KEY CHECK (one = 1), keep_days integer NOT NULL);
                INSERT INTO \(rule) VALUES (1, 365);

                CREATE TABLE \(entry) (
                    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mark uuid NOT NULL UNIQUE, at bigint NOT NULL,
                    action text NOT NULL, userid text, consumer_id text, channel text NOT NULL, report text, tag text,
                    request_id text, batches text[] NOT NULL, address text NOT NULL, detail text NOT NULL);
                CREATE INDEX ON \(entry) (at);
                CREATE INDEX ON \(entry) (userid) WHERE userid IS NOT NULL;
                CREATE INDEX ON \(entry) (request_id) WHERE request_id IS NOT NULL;

                CREATE FUNCTION \(guardFunction)() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
                    IF TG_OP = 'DELETE' THEN
                        IF OLD.at < (SELECT extract(epoch FROM clock_timestamp()) - keep_days * 86400.0 FROM \(rule)) * 1000
                        THEN RETURN OLD; END IF;
                        RAISE EXCEPTION '\(Self.kept)';
                    END IF;
                    RAISE EXCEPTION 'an audit entry is never changed';
                END $body$;
                CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON \(entry)
                    FOR EACH ROW EXECUTE PROCEDURE \(guardFunction)();
                CREATE TRIGGER not_emptied BEFORE TRUNCATE ON \(entry)
                    FOR EACH STATEMENT EXECUTE PROCEDURE \(guardFunction)();

                CREATE TABLE \(session) (
                    cookie_hash text PRIMARY KEY, userid text NOT NULL, channel text NOT NULL, roles text[] NOT NULL,
                    ends_at bigint NOT NULL);
                CREATE INDEX ON \(session) (userid, ends_at);
                CREATE INDEX ON \(session) (ends_at);
                """)
    }
}
