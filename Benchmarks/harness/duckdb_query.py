"""The documented progress report (design.md 6.1) as one DuckDB statement over Parquet."""

import os

# U+FF1D, U+FF0B, U+FF0D, U+FF20 are the full-width forms of = + - @ (design.md 6.3).
FORMULA_STARTS = [61, 43, 45, 64, 9, 13, 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20]

# `number` takes the shortest text of a double where that is already the answer, which nearly every score is; only
# other values pay for being rounded exactly. `rounded` expects a value of at most six decimals.
MACROS = f"""
CREATE OR REPLACE TEMP MACRO guard(cell) AS
    CASE WHEN unicode(cell) IN ({', '.join(map(str, FORMULA_STARTS))}) THEN '''' || cell ELSE cell END;
CREATE OR REPLACE TEMP MACRO rounded(value) AS
    CASE WHEN value = 0 THEN '0'
         WHEN abs(value) > 1e15 THEN value::VARCHAR::DECIMAL(38, 0)::VARCHAR
         WHEN abs(value) >= 1e-3 THEN regexp_replace(value::VARCHAR, '\\.0$', '')
         ELSE rtrim(printf('%.6f', value), '0') END;
CREATE OR REPLACE TEMP MACRO number(value) AS
    CASE WHEN value = trunc(value) AND abs(value) <= 1e15 THEN value::BIGINT::VARCHAR
         WHEN value = round(value, 6) AND abs(value) BETWEEN 1e-3 AND 1e15 THEN value::VARCHAR
         ELSE rounded(printf('%.6f', value)::DOUBLE) END;
CREATE OR REPLACE TEMP MACRO moment(value) AS strftime(value, '%Y-%m-%d %H:%M:%S:%g+0000');
"""


def text(value):
    """A text constant."""
    return "'" + value.replace("'", "''") + "'"


def name(value):
    """A column name."""
    return '"' + value.replace('"', '""') + '"'


def _done(leaves):
    """How many of these contents the learner has finished."""
    listed = "[" + ", ".join(map(text, leaves)) + "]"
    return f"len(list_filter(map_entries(e.contentstatus), lambda x: x.value = 2 AND x.key IN {listed}))"


def _percent(done, count):
    return f"least(100, floor({done} * 100 / {count}))::INTEGER"


def progress(course):
    """SQL of the column Progress, a whole number or NULL."""
    if course["required"]:
        known = _percent(f"coalesce({_done(course['required'])}, 0)", len(course["required"]))
    elif course["leafNodesCount"] > 0:
        optional = "[" + ", ".join(map(text, course["optional"])) + "]::VARCHAR[]"
        done = f"len(list_filter(map_entries(e.contentstatus), lambda x: x.value = 2 AND x.key NOT IN {optional}))"
        known = _percent(f"coalesce({done}, 0)", course["leafNodesCount"])
    else:
        known = "NULL"
    return f"CASE WHEN e.completedon IS NOT NULL THEN 100 ELSE {known} END"


def _nested(index, node):
    if not node["leaves"]:
        return "NULL"
    count = len(node["leaves"])
    own = _percent(f"coalesce({_done(node['leaves'])}, 0)", count)
    return f"CASE WHEN g.n{index} IS NULL THEN {own} ELSE {_percent(f'g.n{index}', count)} END"


def cells(course):
    """SQL of every cell, in the order of the header. Text that nobody typed in is guarded once, here."""
    constants = [course["collection"], course["collectionName"], course["batch"], course["batchName"]]
    scores = [f"a.s{index}" for index in range(len(course["assessments"]))]
    total = f"list_sum([{', '.join(scores)}])" if scores else "NULL::DOUBLE"
    spent = "CASE WHEN coalesce(a.spent, g.spent) IS NOT NULL THEN coalesce(a.spent, 0) + coalesce(g.spent, 0) END"
    return (
        [f"guard({text(value)})" for value in constants]
        + ["guard(e.userid)", "guard(concat_ws(' ', nullif(u.firstname, ''), nullif(u.lastname, '')))"]
        + ["guard(u.state)", "guard(u.district)"]
        + ["moment(coalesce(e.enrolled_date, e.enrolleddate))", "moment(e.completedon)", progress(course)]
        + ["CASE WHEN len(e.issued_certificates) > 0 OR len(e.certificates) > 0 THEN 'Issued' END"]
        + [f"number({total})"]
        + [_nested(index, node) for index, node in enumerate(course["nested"])]
        + [f"number({score})" for score in scores]
        + [f"number({spent})"]
    )


def select(course, parquet):
    """The rows of the report, in user id order."""

    def table(table_name):
        return f"read_parquet({text(os.path.join(parquet, table_name + '.parquet'))})"

    batch, collection = text(course["batch"]), text(course["collection"])
    nested = [
        f", max(CASE WHEN activity_id = {text(node['id'])}"
        f" THEN coalesce(aggregates['completedCount'], agg['completedCount']) END) AS n{index}"
        for index, node in enumerate(course["nested"])
    ]
    kept = [
        f", max(CASE WHEN content_id = {text(content)} THEN total_score END) AS s{index}"
        for index, content in enumerate(course["assessments"])
    ]
    activities = ", ".join(map(text, [course["collection"]] + [node["id"] for node in course["nested"]]))
    columns = ",\n    ".join(
        f"{cell} AS {name(label)}" for cell, label in zip(cells(course), course["header"], strict=True)
    )
    only = ""
    if course["onlyOrganisation"] is not None:
        only = f" AND u.rootorgid = {text(course['onlyOrganisation'])}"
    # The best attempt counts by default, so its score is simply the greatest: ties cannot change the cell.
    return f"""
WITH a AS (
    SELECT user_id, sum(list_sum(list_transform(question, lambda q: q.duration))) AS spent{''.join(kept)}
    FROM {table('assessment_aggregator')} WHERE course_id = {collection} AND batch_id = {batch} GROUP BY user_id
), g AS (
    SELECT user_id,
        max(CASE WHEN activity_id = {collection} THEN aggregates['timespent'] END) AS spent{''.join(nested)}
    FROM {table('user_activity_agg')}
    WHERE activity_type = 'Course' AND context_id = {text('cb:' + course['batch'])} AND activity_id IN ({activities})
    GROUP BY user_id
)
SELECT
    {columns}
FROM {table('user_enrolments')} e
LEFT JOIN {table('user')} u ON u.userid = e.userid
LEFT JOIN g ON g.user_id = e.userid
LEFT JOIN a ON a.user_id = e.userid
WHERE e.courseid = {collection} AND e.batchid = {batch} AND e.active{only}
ORDER BY e.userid"""


def statement(course, parquet, csv):
    """Writes the report's CSV."""
    return f"COPY ({select(course, parquet)}\n) TO {text(csv)} (FORMAT csv, HEADER)"
