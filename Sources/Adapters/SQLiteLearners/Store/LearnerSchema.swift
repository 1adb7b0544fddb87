import SQLiteAccess

extension Schema {
    /// `learners.db`, in all its versions.
    static let learnerStore = Schema(
        name: "learner store", applicationID: 0x4578_4C72, migrations: [.learnerTables, .browsing])
}

extension Migration {
    /// The tables of design.md 5 under the names of the deployment.
    ///
    /// Tables about learners are clustered by batch and user id, so that a page of learners is one stretch of the file.
    /// Pairs of ids that stand in every row are replaced by numbers (`batch_number` and its like). What progress reports
    /// do not read, above all questions, lies in tables of its own (`…_detail`), in the same order where it can be.
    static let learnerTables = Migration(
        name: "learner tables",
        forward: """
            CREATE TABLE store (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

            CREATE TABLE batch_number (
                number INTEGER NOT NULL PRIMARY KEY, courseid TEXT NOT NULL, batchid TEXT NOT NULL,
                UNIQUE (batchid, courseid)) STRICT;
            CREATE TABLE context_number (
                number INTEGER NOT NULL PRIMARY KEY, context_id TEXT NOT NULL UNIQUE) STRICT;
            CREATE TABLE consent_number (
                number INTEGER NOT NULL PRIMARY KEY, object_id TEXT NOT NULL, consumer_id TEXT NOT NULL,
                UNIQUE (object_id, consumer_id)) STRICT;

            CREATE TABLE user_enrolments (
                batch INTEGER NOT NULL, userid TEXT NOT NULL, active INTEGER, enrolled_date INTEGER, completedon INTEGER,
                has_certificate INTEGER NOT NULL, certstatus INTEGER, enrolleddate TEXT, contentstatus TEXT, other TEXT,
                PRIMARY KEY (batch, userid)) STRICT, WITHOUT ROWID;

            CREATE TABLE user_activity_agg (
                context INTEGER NOT NULL, user_id TEXT NOT NULL, activity_id TEXT NOT NULL, activity_type TEXT NOT NULL,
                completed_count REAL, time_spent REAL, detail INTEGER NOT NULL,
                PRIMARY KEY (context, user_id, activity_id, activity_type)) STRICT, WITHOUT ROWID;
            CREATE TABLE user_activity_agg_detail (
                id INTEGER NOT NULL PRIMARY KEY, agg TEXT, aggregates TEXT, other TEXT) STRICT;

            \(attemptTables("assessment_aggregator"))
            \(attemptTables("assessment_archive"))

            CREATE TABLE user (
                userid TEXT NOT NULL PRIMARY KEY, firstname TEXT, lastname TEXT, email TEXT, phone TEXT, state TEXT,
                district TEXT, block TEXT, cluster TEXT, rootorgid TEXT, orgname TEXT, schoolname TEXT,
                schooludisecode TEXT, usertype TEXT, usersubtype TEXT, board TEXT, status TEXT, other TEXT
                ) STRICT, WITHOUT ROWID;

            CREATE TABLE user_consent (
                scope INTEGER NOT NULL, user_id TEXT NOT NULL, status TEXT, expiry TEXT, last_updated_on INTEGER,
                other TEXT, PRIMARY KEY (scope, user_id)) STRICT, WITHOUT ROWID;

            CREATE TABLE course_batch (
                batchid TEXT NOT NULL, courseid TEXT NOT NULL, name TEXT, start_date TEXT, startdate TEXT, end_date TEXT,
                enddate TEXT, status INTEGER, createdby TEXT, mentors TEXT, other TEXT,
                PRIMARY KEY (batchid, courseid)) STRICT, WITHOUT ROWID;
            CREATE INDEX course_batch_by_course ON course_batch (courseid);
            CREATE TABLE content (
                identifier TEXT NOT NULL PRIMARY KEY, name TEXT, status TEXT, fields TEXT NOT NULL
                ) STRICT, WITHOUT ROWID;
            CREATE TABLE content_hierarchy (
                identifier TEXT NOT NULL PRIMARY KEY, hierarchy TEXT) STRICT, WITHOUT ROWID;

            CREATE TABLE system_settings (
                id TEXT NOT NULL PRIMARY KEY, field TEXT, value TEXT) STRICT, WITHOUT ROWID;
            CREATE TABLE tenant_preference (
                orgid TEXT NOT NULL, key TEXT NOT NULL, data TEXT, other TEXT, PRIMARY KEY (orgid, key)
                ) STRICT, WITHOUT ROWID;
            CREATE TABLE organisation (
                id TEXT NOT NULL PRIMARY KEY, keys TEXT, fields TEXT NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE consumer_channel (
                consumer_id TEXT NOT NULL, channel TEXT NOT NULL, status INTEGER, other TEXT,
                PRIMARY KEY (consumer_id, channel)) STRICT, WITHOUT ROWID;
            """,
        back: ([
            "store", "batch_number", "context_number", "consent_number", "user_enrolments", "user_activity_agg",
            "user_activity_agg_detail", "assessment_aggregator", "assessment_aggregator_detail", "assessment_archive",
            "assessment_archive_detail", "user", "user_consent", "course_batch", "content", "content_hierarchy",
            "system_settings", "tenant_preference", "organisation", "consumer_channel",
        ]).map { "DROP TABLE \($0);" }.joined(separator: "\n"))

    /// What people look through the store by: names of contents without the contents, and how many are enrolled.
    static let browsing = Migration(
        name: "browsing",
        forward: """
            CREATE INDEX content_by_name ON content (name, status);
            CREATE INDEX course_batch_by_maker ON course_batch (createdby);
            CREATE TABLE batch_size (
                batch INTEGER NOT NULL PRIMARY KEY, enrolled INTEGER NOT NULL, active INTEGER NOT NULL) STRICT;
            \(countEnrolments)
            """,
        back: "DROP TABLE batch_size; DROP INDEX course_batch_by_maker; DROP INDEX content_by_name;")

    /// Counts once what would else be counted with every look at a batch.
    static let countEnrolments = """
        DELETE FROM batch_size;
        INSERT INTO batch_size
            SELECT batch, count(*), count(CASE WHEN active = 1 THEN 1 END) FROM user_enrolments GROUP BY batch;
        """

    /// The key is the order of `AttemptPage`; a missing time is `AttemptTime.missing`, which comes first.
    private static func attemptTables(_ name: String) -> String {
        """
        CREATE TABLE \(name) (
            batch INTEGER NOT NULL, user_id TEXT NOT NULL, last_attempted_on INTEGER NOT NULL, attempt_id TEXT NOT NULL,
            content_id TEXT NOT NULL, total_score REAL, total_max_score REAL, grand_total TEXT, duration REAL,
            detail INTEGER NOT NULL, PRIMARY KEY (batch, user_id, last_attempted_on, attempt_id, content_id)
            ) STRICT, WITHOUT ROWID;
        CREATE TABLE \(name)_detail (
            id INTEGER NOT NULL PRIMARY KEY, question TEXT, created_on INTEGER, updated_on INTEGER) STRICT;
        """
    }
}

/// How a missing time of an attempt is stored: below every time, since a key holds no NULL.
enum AttemptTime {
    static let missing = Int64.min
}
