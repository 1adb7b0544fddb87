"""Layout `sunbird` (design.md 6.2): upstream's columns and forms (upstream.md 5.3, 5.6, 5.7)."""

import json
import math
import struct

from . import documented
from .attempts import answers, by_user, kept_attempts
from .audience import profile_text
from .documented import user_info_cells
from .settings import SettingsError
from .values import (
    Typed, elements, java_double_text, number, parse_timestamp, rounded_half_up, sunbird_attempt_time,
    sunbird_date, sunbird_date_of_text, text,
)

_BATCH = [
    ("courseid", "Collection Id"), ("collectionName", "Collection Name"), ("batchid", "Batch Id"),
    ("batchName", "Batch Name"), ("userid", "User UUID"),
]
_PROGRESS_PROFILE = [
    ("state", "State"), ("district", "District"), ("orgname", "Org Name"), ("schooludisecode", "School Id"),
    ("schoolname", "School Name"), ("block", "Block Name"), ("cluster", "Cluster Name"), ("usertype", "User Type"),
    ("usersubtype", "User Sub Type"),
]
PROGRESS_COLUMNS = _BATCH + _PROGRESS_PROFILE + [
    ("board", "Declared Board"), ("enrolleddate", "Enrolment Date"), ("completedon", "Completion Date"),
    ("certificatestatus", "Certificate Status"), ("completionPercentage", "Progress"),
    ("total_sum_score", "Total Score"),
]
RESPONSE_COLUMNS = _BATCH + [
    ("content_id", "QuestionSet Id"), ("contentname", "QuestionSet Title"), ("attempt_id", "Attempt Id"),
    ("last_attempted_on", "Attempted On"), ("questionid", "Question Id"), ("questiontype", "Question Type"),
    ("questiontitle", "Question Title"), ("questiondescription", "Question Description"),
    ("questionduration", "Question Duration"), ("questionscore", "Question Score"),
    ("questionmaxscore", "Question Max Score"), ("questionoption", "Question Options"),
    ("questionresponse", "Question Response"),
]
USER_INFO_COLUMNS = _BATCH + [
    ("username", "User Name"), ("usertype", "User Type"), ("usersubtype", "User Sub Type"), ("state", "State"),
    ("district", "District"), ("block", "Block"), ("cluster", "Cluster"), ("schooludisecode", "School Id"),
    ("schoolname", "School Name"), ("orgname", "Org Name"), ("email", "Email ID"), ("phone", "Mobile Number"),
    ("consentflag", "Consent Provided"), ("consentprovideddate", "Consent Provided Date"),
]
# Added after the selection, so that csvColumns never drops it (upstream.md 5.1.1).
_ALWAYS = {"total_sum_score"}


def _selected(columns, rows, settings):
    """Header and rows, cut down to `csvColumns`; score columns, beyond the fixed ones, always stay."""
    wanted = set(settings.list("csvColumns"))
    unknown = wanted - {field for field, _ in columns}
    if unknown:
        raise SettingsError(f"setting csvColumns: no such field: {', '.join(sorted(unknown))}")
    keep = [
        index for index, (field, _) in enumerate(columns) if not wanted or field in wanted or field in _ALWAYS
    ]
    fixed = len(columns)
    return [columns[i][1] for i in keep], [[row[i] for i in keep] + row[fixed:] for row in rows]


def _batch_cells(batch, learner):
    return [batch.collection_id, batch.collection_name, f"BatchId_{batch.batch_id}", batch.name, learner.user_id]


# --- progress V1 ------------------------------------------------------------------------------------------------------


def _single(value):
    """The nearest single-precision number."""
    return struct.unpack("f", struct.pack("f", value))[0]


def progress_percent(batch, enrolment):
    """upstream.md 5.3: raw keys over leafNodesCount, rounded half up; no leafNodesCount gives 100."""
    if parse_timestamp(enrolment.get("completedon")) is not None:
        return 100
    done = len(documented.done_ids(enrolment) - batch.tree.optional)
    leaves = batch.tree.leaf_nodes_count(batch.content)
    if done >= leaves:
        return 100
    return math.floor(_single(_single(done / leaves) * 100) + 0.5)


def _percent_text(got, of):
    """ceil(got × 100 / of) and a percent sign, in doubles; empty where nothing can be divided."""
    if got is None or not of:
        return Typed("")
    return Typed(f"{math.ceil(got * 100 / of)}%")


def grand_total_percent(grand_total):
    """`a/b` with blanks around either side; anything else gives an empty cell."""
    parts = text(grand_total).split("/")
    if len(parts) != 2:
        return Typed("")
    return _percent_text(number(parts[0].strip()), number(parts[1].strip()))


def _total_percent(kept):
    total = sum(number(attempt["total_score"]) for attempt in kept)
    return _percent_text(total, sum(number(attempt.get("total_max_score")) or 0.0 for attempt in kept))


def _first_board(board):
    """The first element of a JSON list of texts; any other text unchanged."""
    try:
        listed = json.loads(board)
    except ValueError:
        return board
    return listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], str) else board


def _enrolment_date(enrolment):
    """The new column as a timestamp, else the first ten characters of the old one."""
    if enrolment.get("enrolled_date"):
        return sunbird_date(parse_timestamp(enrolment["enrolled_date"]))
    return sunbird_date_of_text(text(enrolment.get("enrolleddate")))


def progress(tables, batch, kept_learners, settings, tally):
    assessments = set(batch.tree.assessments(settings))
    attempts = by_user(tables.attempts(batch))
    attempted = sorted(
        {
            attempt["content_id"]
            for learner in kept_learners
            for attempt in attempts[learner.user_id]
            if attempt["content_id"] in assessments
        }
    )
    rows = []
    for learner in kept_learners:
        enrolment = learner.enrolment
        kept = kept_attempts(attempts[learner.user_id], settings)
        kept = {content: attempt for content, attempt in kept.items() if content in assessments}
        enrolled = _enrolment_date(enrolment)
        if not enrolled:
            tally.find("enrolment-date-missing")
        has_certificate = elements(enrolment.get("certificates")) or elements(enrolment.get("issued_certificates"))
        row = _batch_cells(batch, learner) + [profile_text(learner, field) for field, _ in _PROGRESS_PROFILE]
        row += [_first_board(profile_text(learner, "board")), enrolled]
        row += [sunbird_date(parse_timestamp(enrolment.get("completedon"))), "Issued" if has_certificate else ""]
        row += [Typed(str(progress_percent(batch, enrolment))), _total_percent(kept.values())]
        row += [grand_total_percent(kept.get(content, {}).get("grand_total")) for content in attempted]
        rows.append(row)
    header, rows = _selected(PROGRESS_COLUMNS, rows, settings)
    return header + [f"{content} - Score" for content in attempted], rows


# --- responses V2 -----------------------------------------------------------------------------------------------------


def sanitised_json(value):
    """upstream.md 5.5: not JSON any more, but what upstream's readers expect."""
    return documented.compact_json(value).replace("\\n", "").replace("\\", "").replace('"', "'")


def responses(tables, batch, kept_learners, settings, _tally):
    live, archived = by_user(tables.attempts(batch)), by_user(tables.archive(batch))
    rows = []
    for learner in kept_learners:
        for attempt, is_archived, question in answers(live[learner.user_id], archived[learner.user_id]):
            asked = question or {}
            content = attempt["content_id"]
            row = _batch_cells(batch, learner)
            row += [content, text(tables.contents.get(content, {}).get("name")), attempt["attempt_id"]]
            moment = parse_timestamp(attempt.get("last_attempted_on"))
            row.append(sunbird_attempt_time(moment, with_fraction=not is_archived))
            row += [text(asked.get(field)) for field in ("id", "type", "title", "description")]
            row.append(rounded_half_up(number(asked.get("duration"))))
            row += [java_double_text(number(asked.get(field))) for field in ("score", "max_score")]
            lists = [elements(asked.get(field)) for field in ("params", "resvalues")]
            row += ["null", "null"] if question is None else [sanitised_json(value) for value in lists]
            rows.append(row)
    return _selected(RESPONSE_COLUMNS, rows, settings)


# --- user info --------------------------------------------------------------------------------------------------------


def user_info(_tables, batch, kept_learners, settings, tally):
    salt = settings.text("pii.salt")
    rows = [
        _batch_cells(batch, learner)
        + user_info_cells(learner, salt, tally)
        + ["true", sunbird_date(parse_timestamp(learner.consent.get("last_updated_on")))]
        for learner in kept_learners
    ]
    return _selected(USER_INFO_COLUMNS, rows, settings)
