"""Layout `documented` (design.md 6.1): each function gives the header and the rows of one report."""

import json
import math

from .attempts import answers, by_user, kept_attempts, questions
from .audience import profile_text, user_name
from .personal import NotDecrypted, decrypt
from .values import (
    Typed, documented_timestamp, elements, entries, number, number_text, parse_timestamp, text,
)

BATCH_COLUMNS = ["Collection Id", "Collection Name", "Batch Id", "Batch Name", "User UUID"]
IDENTITY_COLUMNS = BATCH_COLUMNS + ["User Name", "State", "District"]
PROGRESS_COLUMNS = IDENTITY_COLUMNS + [
    "Enrolment Date", "Completion Date", "Progress", "Certificate Status", "Total Score",
]
RESPONSE_COLUMNS = BATCH_COLUMNS + [
    "User Name", "QuestionSet Id", "QuestionSet Title", "Attempt Id", "Attempted On", "Question Id", "Question Type",
    "Question Title", "Question Description", "Question Duration", "Question Score", "Question Max Score",
    "Question Options", "Question Response",
]
USER_INFO_COLUMNS = BATCH_COLUMNS + [
    "User Name", "User Type", "User Sub Type", "State", "District", "Block", "Cluster", "School Id", "School Name",
    "Org Name", "Email ID", "Mobile Number", "Consent Provided", "Consent Provided Date",
]


def batch_cells(batch, learner):
    return [batch.collection_id, batch.collection_name, batch.batch_id, batch.name, learner.user_id]


def identity_cells(batch, learner):
    name = user_name(learner.profile)
    return batch_cells(batch, learner) + [name, profile_text(learner, "state"), profile_text(learner, "district")]


# --- progress and assessment scores -----------------------------------------------------------------------------------


def whole_percent(done, of):
    """Rounded down, never over 100."""
    return min(100, int(done * 100 // of))


def done_ids(enrolment):
    return {content for content, status in entries(enrolment.get("contentstatus")).items() if status == 2}


def progress_percent(batch, enrolment):
    """A whole number, or None where neither leaves nor leafNodesCount are known."""
    if parse_timestamp(enrolment.get("completedon")) is not None:
        return 100
    done = done_ids(enrolment)
    if batch.tree.required:
        return whole_percent(sum(leaf in done for leaf in batch.tree.required), len(batch.tree.required))
    count = batch.tree.leaf_nodes_count(batch.content)
    return whole_percent(len(done - batch.tree.optional), count) if count > 0 else None


def nested_percent(leaves, aggregate, enrolment):
    """Progress in one nested collection; None if it has no required leaves."""
    if not leaves:
        return None
    for column in ("aggregates", "agg"):
        completed = number(entries((aggregate or {}).get(column)).get("completedCount"))
        if completed is not None:
            return whole_percent(completed, len(leaves))
    done = done_ids(enrolment)
    return whole_percent(sum(leaf in done for leaf in leaves), len(leaves))


def certificate_status(enrolment, settings):
    if elements(enrolment.get("issued_certificates")) or elements(enrolment.get("certificates")):
        return "Issued"
    failed = settings.list("certificate.failedStatus")
    return "Failed" if text(enrolment.get("certstatus")) in failed else ""


def enrolment_moment(enrolment):
    return parse_timestamp(enrolment.get("enrolled_date") or enrolment.get("enrolleddate"))


def time_spent(attempts, aggregate):
    """Seconds: durations of all questions, and what the aggregate of the root says; None if neither exists."""
    parts = [number(question.get("duration")) for attempt in attempts for question in questions(attempt)]
    parts.append(number(entries((aggregate or {}).get("aggregates")).get("timespent")))
    known = [part for part in parts if part is not None]
    return math.fsum(known) if known else None


def score_cells(assessments, kept):
    """Total Score and one cell an assessment."""
    scores = [number(kept[content]["total_score"]) if content in kept else None for content in assessments]
    known = [score for score in scores if score is not None]
    return number_text(math.fsum(known) if known else None), [number_text(score) for score in scores]


def progress(tables, batch, kept_learners, settings, tally):
    nested = batch.tree.nested(settings.number("progress.nestedDepth"))
    assessments = batch.tree.assessments(settings)
    attempts, aggregates = by_user(tables.attempts(batch)), tables.aggregates(batch)
    header = PROGRESS_COLUMNS + [f"{identifier} - Progress" for identifier in nested]
    header += [f"{identifier} - Score" for identifier in assessments] + ["Time Spent"]
    rows = []
    for learner in kept_learners:
        user, enrolment = learner.user_id, learner.enrolment
        enrolled, percent = enrolment_moment(enrolment), progress_percent(batch, enrolment)
        if enrolled is None:
            tally.find("enrolment-date-missing")
        if percent is None:
            tally.find("leaf-count-unknown")
        total, scores = score_cells(assessments, kept_attempts(attempts[user], settings))
        row = identity_cells(batch, learner)
        row += [documented_timestamp(enrolled), documented_timestamp(parse_timestamp(enrolment.get("completedon")))]
        row += [number_text(percent), certificate_status(enrolment, settings), total]
        row += [
            number_text(nested_percent(leaves, aggregates.get((user, identifier)), enrolment))
            for identifier, leaves in nested.items()
        ]
        spent = time_spent(attempts[user], aggregates.get((user, batch.collection_id)))
        rows.append(row + scores + [number_text(spent)])
    return header, rows


def assessment_scores(tables, batch, kept_learners, settings, _tally):
    assessments = batch.tree.assessments(settings)
    attempts = by_user(tables.attempts(batch))
    rows = []
    for learner in kept_learners:
        total, scores = score_cells(assessments, kept_attempts(attempts[learner.user_id], settings))
        rows.append(identity_cells(batch, learner) + [total] + scores)
    return IDENTITY_COLUMNS + ["Total Score"] + [f"{identifier} - Score" for identifier in assessments], rows


# --- responses --------------------------------------------------------------------------------------------------------


def compact_json(value):
    """Keys sorted, no spaces, every character that JSON allows as itself; empty where the value is missing."""
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def responses(tables, batch, kept_learners, _settings, _tally):
    live, archived = by_user(tables.attempts(batch)), by_user(tables.archive(batch))
    rows = []
    for learner in kept_learners:
        start = batch_cells(batch, learner) + [user_name(learner.profile)]
        for attempt, _, question in answers(live[learner.user_id], archived[learner.user_id]):
            asked = question or {}
            content = attempt["content_id"]
            row = [content, text(tables.contents.get(content, {}).get("name")), attempt["attempt_id"]]
            row.append(documented_timestamp(parse_timestamp(attempt.get("last_attempted_on"))))
            row += [text(asked.get(field)) for field in ("id", "type", "title", "description")]
            row += [number_text(number(asked.get(field))) for field in ("duration", "score", "max_score")]
            rows.append(start + row + [compact_json(asked.get(field)) for field in ("params", "resvalues")])
    return RESPONSE_COLUMNS, rows


# --- user info --------------------------------------------------------------------------------------------------------


def decrypted(learner, field, salt, tally):
    """The plain value, or empty with a finding: never the ciphertext."""
    try:
        return decrypt(profile_text(learner, field), salt)
    except NotDecrypted:
        tally.find("value-not-decrypted")
        return ""


def telephone(value):
    """A number such as `+91 98765 43210` needs no guard; anything else in that column is text."""
    shape = value[1:] if value.startswith("+") else value
    is_number = shape[:1].isdigit() and all(character in "0123456789 ()-." for character in shape)
    return Typed(value) if is_number else value


def user_info_cells(learner, salt, tally):
    """Columns 6 to 17 of upstream.md 5.7."""
    fields = ("usertype", "usersubtype", "state", "district", "block", "cluster", "schooludisecode", "schoolname")
    cells = [user_name(learner.profile)] + [profile_text(learner, field) for field in fields]
    cells += [profile_text(learner, "orgname"), decrypted(learner, "email", salt, tally)]
    return cells + [telephone(decrypted(learner, "phone", salt, tally))]


def user_info(_tables, batch, kept_learners, settings, tally):
    salt = settings.text("pii.salt")
    rows = [
        batch_cells(batch, learner)
        + user_info_cells(learner, salt, tally)
        + ["true", documented_timestamp(parse_timestamp(learner.consent.get("last_updated_on")))]
        for learner in kept_learners
    ]
    return USER_INFO_COLUMNS, rows
