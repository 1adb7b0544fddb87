/// How a deployment's tables look, which differs from one to the next (upstream.md 1.4 to 1.9).
public struct DeploymentForm: Sendable, Hashable {
    /// The key of `assessment_aggregator`.
    public enum AttemptKey: String, Sendable, Hashable, CaseIterable {
        /// ((user_id, course_id), batch_id, content_id, attempt_id), as documented.
        case user
        /// (course_id, batch_id, user_id, content_id, attempt_id), as migrated.
        case course
    }

    /// What comes before the names of keyspaces, so that several deployments fit on one server.
    public var prefix: String
    /// The key of `assessment_aggregator`.
    public var attemptKey: AttemptKey
    /// Whether the columns that were added over the years are missing.
    public var isOld = false
    /// Whether `user_consent.expiry` is a text.
    public var keepsExpiryAsText = false
    /// Copies of each row.
    public var replicas = 1

    /// A deployment of today.
    public init(prefix: String, attemptKey: AttemptKey) {
        self.prefix = prefix
        self.attemptKey = attemptKey
    }

    /// Keyspace of batches, enrolments, aggregates and attempts.
    public var courses: String { "\(prefix)sunbird_courses" }
    /// Keyspace of trees.
    public var hierarchy: String { "\(prefix.isEmpty ? "dev_" : prefix)hierarchy_store" }
    /// Keyspace of consent, settings, preferences and organisations.
    public var platform: String { "\(prefix)sunbird" }

    /// All keyspaces.
    public var keyspaces: [String] { [courses, hierarchy, platform] }

    /// What makes keyspaces, types and tables, in this order.
    public var statements: [String] {
        keyspaces.map {
            "CREATE KEYSPACE \($0) WITH replication = {'class': 'SimpleStrategy', 'replication_factor': \(replicas)}"
        } + [
            """
            CREATE TYPE \(courses).question (id text, assess_ts timestamp, max_score double, score double, type text,
                title text, resvalues \(Self.maps), params \(Self.maps), description text, duration decimal)
            """
        ] + tables.map { "CREATE TABLE \($0.keyspace).\($0.name) (\($0.columns), PRIMARY KEY (\($0.key)))" }
    }

    private static let maps = "list<frozen<map<text,text>>>"

    struct Table {
        var keyspace: String
        var name: String
        /// The table of the import form that it is filled from.
        var source: String
        var columns: String
        var key: String
    }

    var tables: [Table] {
        let courseTables = [
            ("course_batch", "course_batch", batchColumns, "courseid, batchid"),
            ("user_enrolments", "user_enrolments", enrolmentColumns(isFrozen: false), "userid, courseid, batchid"),
            (
                "report_user_enrolments", "user_enrolments", enrolmentColumns(isFrozen: true),
                "batchid, courseid, userid"
            ),
            (
                "user_activity_agg", "user_activity_agg",
                "activity_type text, activity_id text, user_id text, context_id text, agg map<text,int>"
                    + (isOld
                        ? ""
                        : ", aggregates map<text,double>, agg_last_updated map<text,timestamp>, agg_details list<text>"),
                "(activity_type, activity_id, user_id), context_id"
            ),
            (
                "assessment_aggregator", "assessment_aggregator",
                """
                course_id text, batch_id text, user_id text, content_id text, attempt_id text, grand_total text,
                total_max_score double, total_score double, created_on timestamp, last_attempted_on timestamp,
                updated_on timestamp, question list<frozen<question>>
                """,
                attemptKey == .user
                    ? "(user_id, course_id), batch_id, content_id, attempt_id"
                    : "course_id, batch_id, user_id, content_id, attempt_id"
            ),
        ]
        let platformTables = [
            (
                "user_consent", "user_consent",
                """
                user_id text, consumer_id text, object_id text, categories list<text>, consent_data text,
                consumer_type text, created_on timestamp, expiry \(keepsExpiryAsText ? "text" : "timestamp"), id text,
                last_updated_on timestamp, object_type text, status text
                """, "user_id, consumer_id, object_id"
            ),
            ("system_settings", "system_settings", "id text, field text, value text", "id"),
            (
                "tenant_preference_v2", "tenant_preference",
                "orgid text, key text, data text, createdby text, createdon timestamp, updatedby text, updatedon timestamp",
                "orgid, key"
            ),
            (
                "organisation", "organisation",
                """
                id text, orgname text, channel text, rootorgid text, externalid text, istenant boolean,
                organisationtype int, status int, keys map<text,frozen<list<text>>>
                """, "id"
            ),
        ]
        return courseTables.map { Table(keyspace: courses, name: $0.0, source: $0.1, columns: $0.2, key: $0.3) }
            + [
                Table(
                    keyspace: hierarchy, name: "content_hierarchy", source: "content_hierarchy",
                    columns: "identifier text, hierarchy text", key: "identifier")
            ] + platformTables.map { Table(keyspace: platform, name: $0.0, source: $0.1, columns: $0.2, key: $0.3) }
    }

    private var batchColumns: String {
        """
        courseid text, batchid text, name text, description text, createdby text, createddate text, startdate text,
        enddate text, enrollmentenddate text, updateddate text, createdfor list<text>, mentors list<text>,
        enrollmenttype text, status int
        """
            + (isOld
                ? ""
                : """
                , created_date timestamp, start_date timestamp, end_date timestamp, enrollment_enddate timestamp,
                updated_date timestamp, tandc boolean, cert_templates map<text,frozen<map<text,text>>>
                """)
    }

    private func enrolmentColumns(isFrozen: Bool) -> String {
        let (maps, counts) = isFrozen ? ("frozen<\(Self.maps)>", "frozen<map<text,int>>") : (Self.maps, "map<text,int>")
        return """
            userid text, courseid text, batchid text, active boolean, addedby text, enrolleddate text,
            completedon timestamp, contentstatus \(counts), certificates \(maps), completionpercentage int, progress int,
            status int, lastreadcontentid text, lastreadcontentstatus int
            """
                + (isOld
                    ? ""
                    : """
                    , enrolled_date timestamp, issued_certificates \(maps), certstatus int, datetime timestamp,
                    lastcontentaccesstime timestamp
                    """)
    }
}
