import JobLifecycle
public import SQLiteAccess

/// The tables of `jobs.db`.
public enum JobSchema {
    /// `EXHJ`.
    private static let applicationID: Int32 = 0x4558_484A

    /// All versions of the store.
    public static let schema = Schema(
        name: "job store", applicationID: applicationID,
        migrations: [requestsAndRuns, datasets, shortShareKeys, questions, stretches])

    /// `job_request` has upstream's seventeen columns and nothing else (upstream.md 1.1), so that any reader of that
    /// table goes on working. Times in it are UTC, as text `yyyy-MM-dd HH:mm:ss.SSS`, which is how PostgreSQL shows its
    /// `TIMESTAMP`; `text[]` is a JSON list. Times in our own tables are milliseconds since 1970.
    ///
    /// The clustered key ends every index, so that equally old requests have an order.
    private static let requestsAndRuns = Migration(
        name: "requests and runs",
        forward: """
            CREATE TABLE job_request (
                tag TEXT NOT NULL, request_id TEXT NOT NULL, job_id TEXT, status TEXT COLLATE NOCASE,
                request_data TEXT, requested_by TEXT, requested_channel TEXT, dt_job_submitted TEXT,
                download_urls TEXT, dt_file_created TEXT, dt_job_completed TEXT, execution_time INTEGER,
                err_message TEXT, iteration INTEGER, encryption_key TEXT, batch_number INTEGER,
                processed_batches TEXT, PRIMARY KEY (tag, request_id)
            ) WITHOUT ROWID;
            CREATE INDEX job_request_turn ON job_request (status, requested_channel, dt_job_submitted);
            CREATE INDEX job_request_id ON job_request (request_id);
            CREATE INDEX job_request_age ON job_request (dt_job_submitted);

            CREATE TABLE job_run (
                tag TEXT NOT NULL, request_id TEXT NOT NULL, layout TEXT, sealed_password BLOB,
                password_hash TEXT NOT NULL, fencing INTEGER NOT NULL, owner TEXT, leased_until INTEGER,
                lost_leases INTEGER NOT NULL, not_before INTEGER, will_retry INTEGER NOT NULL,
                cancel_wished INTEGER NOT NULL, first_leased_at INTEGER, fresh_since INTEGER, sealed_run_key BLOB,
                data_version TEXT, learners_done INTEGER NOT NULL, learners_expected INTEGER NOT NULL,
                row_count INTEGER NOT NULL, publishing TEXT NOT NULL, files TEXT NOT NULL, receipt TEXT, failure TEXT,
                shared_tag TEXT, shared_request_id TEXT, share_key TEXT, PRIMARY KEY (tag, request_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX job_run_lease ON job_run (leased_until) WHERE owner IS NOT NULL;
            CREATE INDEX job_run_retry ON job_run (not_before) WHERE will_retry = 1;
            CREATE INDEX job_run_share ON job_run (share_key) WHERE share_key IS NOT NULL;

            CREATE TABLE finished_batch (
                channel TEXT NOT NULL, finished_at INTEGER NOT NULL, csv_bytes INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX finished_batch_time ON finished_batch (finished_at, channel, csv_bytes);
            """,
        back: "DROP TABLE finished_batch; DROP TABLE job_run; DROP TABLE job_request;")

    /// `dataset_metadata` has upstream's columns (upstream.md 1.2); `json` and `text[]` are JSON text. Rows are looked for by
    /// their sub id.
    private static let datasets = Migration(
        name: "datasets",
        forward: """
            CREATE TABLE dataset_metadata (
                dataset_id TEXT NOT NULL, dataset_sub_id TEXT NOT NULL, dataset_config TEXT, visibility TEXT,
                dataset_type TEXT, version TEXT, authorized_roles TEXT, available_from TEXT, sample_request TEXT,
                sample_response TEXT, validation_json TEXT, druid_query TEXT, limits TEXT, supported_formats TEXT,
                exhaust_type TEXT, PRIMARY KEY (dataset_id, dataset_sub_id)
            ) WITHOUT ROWID;
            CREATE INDEX dataset_metadata_sub_id ON dataset_metadata (dataset_sub_id, dataset_id);
            """,
        back: "DROP TABLE dataset_metadata;")

    private static let questions = Migration(
        name: "what runs are made for", forward: "ALTER TABLE job_run ADD COLUMN question TEXT;",
        back: "ALTER TABLE job_run DROP COLUMN question;")

    private static let stretches = Migration(
        name: "progress of reading whole tables",
        forward: """
            ALTER TABLE job_run ADD COLUMN stretches_done INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE job_run ADD COLUMN stretches_expected INTEGER NOT NULL DEFAULT 0;
            """,
        back: """
            ALTER TABLE job_run DROP COLUMN stretches_done;
            ALTER TABLE job_run DROP COLUMN stretches_expected;
            """)

    /// Share keys were whole configurations. On the way back requests of before share no run any more.
    private static let shortShareKeys = Migration(
        name: "short share keys", forward: "", back: "UPDATE job_run SET share_key = NULL;"
    ) { database in
        let keys = try database.with("SELECT DISTINCT share_key FROM job_run WHERE share_key IS NOT NULL") { row in
            var keys: [String] = []
            while try row.step() { keys += [row.text(0)].compactMap(\.self) }
            return keys
        }
        for key in keys {
            try database.with("UPDATE job_run SET share_key = ? WHERE share_key = ?") { statement in
                try statement.bind(1, try ShareKey.shortened(key).text)
                try statement.bind(2, key)
                try statement.run()
            }
        }
    }
}
