public import SQLiteAccess

/// The tables of `audit.db`.
public enum AuditSchema {
    /// `EXHA`.
    private static let applicationID: Int32 = 0x4558_4841

    /// All versions of the store.
    public static let schema = Schema(
        name: "audit store", applicationID: applicationID, migrations: [entriesAndSessions])

    /// The triggers hold also for other programs that open the file: an entry is never changed, and removed only when it is
    /// older than `keep_days` by SQLite's own clock. Numbers are never used again, so that a gap shows.
    private static let entriesAndSessions = Migration(
        name: "entries and sessions",
        forward: """
            CREATE TABLE audit_rule (one INTEGER PRIMARY KEY CHECK (one = 1), keep_days INTEGER NOT NULL) STRICT;
            INSERT INTO audit_rule VALUES (1, 365);

            CREATE TABLE audit_entry (
                number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, action TEXT NOT NULL, userid TEXT,
                consumer_id TEXT, channel TEXT NOT NULL, report TEXT, tag TEXT, request_id TEXT, batches TEXT NOT NULL,
                address TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
            CREATE INDEX audit_entry_time ON audit_entry (at);
            CREATE INDEX audit_entry_user ON audit_entry (userid) WHERE userid IS NOT NULL;
            CREATE INDEX audit_entry_request ON audit_entry (request_id) WHERE request_id IS NOT NULL;
            CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry BEGIN
                SELECT RAISE(ABORT, 'an audit entry is never changed');
            END;
            CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
            WHEN OLD.at >= (unixepoch('now') - (SELECT keep_days FROM audit_rule) * 86400) * 1000 BEGIN
                SELECT RAISE(ABORT, 'an audit entry is kept until its time');
            END;

            CREATE TABLE session (
                cookie_hash TEXT NOT NULL PRIMARY KEY, userid TEXT NOT NULL, channel TEXT NOT NULL, roles TEXT NOT NULL,
                ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
            CREATE INDEX session_user ON session (userid, ends_at);
            CREATE INDEX session_end ON session (ends_at);
            """,
        back: "DROP TABLE session; DROP TABLE audit_entry; DROP TABLE audit_rule;")
}
