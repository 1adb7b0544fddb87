"""The tables in typed form: what a data engineer would have as Parquet, and what both queries read."""

TEXT_MAP_LIST = "MAP(VARCHAR, VARCHAR)[]"
# Score and duration are doubles, times are timestamps, maps are maps: the types of upstream.md 1.
QUESTION = (
    "STRUCT(id VARCHAR, assess_ts VARCHAR, max_score DOUBLE, score DOUBLE, type VARCHAR, title VARCHAR,"
    f" description VARCHAR, duration DOUBLE, resvalues {TEXT_MAP_LIST}, params {TEXT_MAP_LIST})[]"
)

# Table: columns with their types, key, order in the file. `TIMESTAMP` and `BOOLEAN` are read as text in every form
# that the import accepts (design.md 5).
TABLES = {
    "user_enrolments": {
        "columns": {
            "userid": "VARCHAR", "courseid": "VARCHAR", "batchid": "VARCHAR", "active": "BOOLEAN",
            "enrolled_date": "TIMESTAMP", "enrolleddate": "TIMESTAMP", "completedon": "TIMESTAMP",
            "contentstatus": "MAP(VARCHAR, INTEGER)", "issued_certificates": TEXT_MAP_LIST,
            "certificates": TEXT_MAP_LIST,
        },
        "key": ("courseid", "batchid", "userid"),
    },
    "user": {
        "columns": {
            column: "VARCHAR"
            for column in (
                "userid", "firstname", "lastname", "email", "phone", "state", "district", "block", "cluster",
                "orgname", "rootorgid", "schooludisecode", "schoolname", "usertype", "usersubtype",
            )
        },
        "key": ("userid",),
    },
    "user_activity_agg": {
        "columns": {
            "activity_type": "VARCHAR", "activity_id": "VARCHAR", "user_id": "VARCHAR", "context_id": "VARCHAR",
            "agg": "MAP(VARCHAR, INTEGER)", "aggregates": "MAP(VARCHAR, DOUBLE)",
        },
        "key": ("context_id", "user_id", "activity_id", "activity_type"),
    },
    "assessment_aggregator": {
        "columns": {
            "user_id": "VARCHAR", "course_id": "VARCHAR", "batch_id": "VARCHAR", "content_id": "VARCHAR",
            "attempt_id": "VARCHAR", "last_attempted_on": "TIMESTAMP", "total_score": "DOUBLE",
            "total_max_score": "DOUBLE", "grand_total": "VARCHAR", "question": QUESTION,
        },
        "key": ("course_id", "batch_id", "user_id", "content_id", "attempt_id"),
    },
}
