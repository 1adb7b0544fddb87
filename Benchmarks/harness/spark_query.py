"""The documented progress report (design.md 6.1) as one Spark SQL statement over Parquet.

The same steps as in `duckdb_query`, in Spark's words; what differs is how numbers and maps are written down.
"""

# The same starts as in `duckdb_query.FORMULA_STARTS`; Spark's `ascii` gives the code point of the first character.
from .duckdb_query import FORMULA_STARTS


def text(value):
    """A text constant; Spark reads backslash escapes in it."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def name(value):
    """A column name."""
    return "`" + value.replace("`", "``") + "`"


def _guard(cell):
    starts = ", ".join(map(str, FORMULA_STARTS))
    return f"CASE WHEN ascii({cell}) IN ({starts}) THEN concat('\\'', {cell}) ELSE {cell} END"


def _number(value):
    whole = f"CAST(CAST({value} AS BIGINT) AS STRING)"
    # A decimal of a double starts from its shortest text, so nothing but the six decimals is lost.
    rounded = f"CAST(CAST({value} AS DECIMAL(38, 6)) AS STRING)"
    trimmed = f"rtrim('.', rtrim('0', {rounded}))"
    return (
        f"CASE WHEN {value} = floor({value}) AND abs({value}) <= 1e15 THEN {whole}"
        f" WHEN CAST({value} AS DECIMAL(38, 6)) = 0 THEN '0' ELSE {trimmed} END"
    )


def _moment(value):
    return f"date_format({value}, 'yyyy-MM-dd HH:mm:ss:SSS') || '+0000'"


def _array(values):
    return "array(" + ", ".join(map(text, values)) + ")" if values else "CAST(array() AS ARRAY<STRING>)"


def _done(condition):
    finished = f"filter(map_entries(e.contentstatus), x -> x.value = 2 AND {condition})"
    # `size` of a missing map is -1 or NULL, as Spark is set.
    return f"greatest(size({finished}), 0)"


def _listed(leaves):
    return f"x.key IN ({', '.join(map(text, leaves))})"


def _percent(done, count):
    return f"CAST(least(100, floor({done} * 100 / {count})) AS INT)"


def _progress(course):
    if course["required"]:
        known = _percent(_done(_listed(course["required"])), len(course["required"]))
    elif course["leafNodesCount"] > 0:
        counted = f"NOT array_contains({_array(course['optional'])}, x.key)"
        known = _percent(_done(counted), course["leafNodesCount"])
    else:
        known = "NULL"
    return f"CASE WHEN e.completedon IS NOT NULL THEN 100 ELSE {known} END"


def _nested(index, node):
    if not node["leaves"]:
        return "CAST(NULL AS INT)"
    count = len(node["leaves"])
    own = _percent(_done(_listed(node["leaves"])), count)
    return f"CASE WHEN g.n{index} IS NULL THEN {own} ELSE {_percent(f'g.n{index}', count)} END"


def cells(course):
    """SQL of every cell, in the order of the header."""
    constants = [course["collection"], course["collectionName"], course["batch"], course["batchName"]]
    scores = [f"a.s{index}" for index in range(len(course["assessments"]))]
    sum_of = " + ".join(f"coalesce({score}, 0)" for score in scores)
    total = "CAST(NULL AS DOUBLE)"
    if scores:
        total = f"(CASE WHEN coalesce({', '.join(scores)}) IS NOT NULL THEN {sum_of} END)"
    spent = "(CASE WHEN coalesce(a.spent, g.spent) IS NOT NULL THEN coalesce(a.spent, 0) + coalesce(g.spent, 0) END)"
    full_name = "concat_ws(' ', nullif(u.firstname, ''), nullif(u.lastname, ''))"
    return (
        [_guard(text(value)) for value in constants]
        + [_guard(cell) for cell in ("e.userid", full_name, "u.state", "u.district")]
        + [_moment("coalesce(e.enrolled_date, e.enrolleddate)"), _moment("e.completedon"), _progress(course)]
        + ["CASE WHEN size(e.issued_certificates) > 0 OR size(e.certificates) > 0 THEN 'Issued' END"]
        + [_number(total)]
        + [_nested(index, node) for index, node in enumerate(course["nested"])]
        + [_number(score) for score in scores]
        + [_number(spent)]
    )


def statement(course):
    """The rows of the report in user id order, from temporary views named like the tables."""
    batch, collection = text(course["batch"]), text(course["collection"])
    nested = [
        f", max(CASE WHEN activity_id = {text(node['id'])}"
        f" THEN coalesce(aggregates['completedCount'], CAST(agg['completedCount'] AS DOUBLE)) END) AS n{index}"
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
    # `aggregate` over the durations skips missing ones and stays NULL where there is none.
    durations = (
        "aggregate(question.duration, CAST(NULL AS DOUBLE),"
        " (sum, x) -> CASE WHEN x IS NULL THEN sum ELSE coalesce(sum, 0) + x END)"
    )
    return f"""
WITH a AS (
    SELECT user_id, sum({durations}) AS spent{''.join(kept)}
    FROM assessment_aggregator WHERE course_id = {collection} AND batch_id = {batch} GROUP BY user_id
), g AS (
    SELECT user_id,
        max(CASE WHEN activity_id = {collection} THEN aggregates['timespent'] END) AS spent{''.join(nested)}
    FROM user_activity_agg
    WHERE activity_type = 'Course' AND context_id = {text('cb:' + course['batch'])} AND activity_id IN ({activities})
    GROUP BY user_id
)
SELECT
    {columns}
FROM user_enrolments e
LEFT JOIN user u ON u.userid = e.userid
LEFT JOIN g ON g.user_id = e.userid
LEFT JOIN a ON a.user_id = e.userid
WHERE e.courseid = {collection} AND e.batchid = {batch} AND e.active{only}
ORDER BY e.userid"""
