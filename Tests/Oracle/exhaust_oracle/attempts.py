"""Attempts of a batch: the kept one, scores, and the questions of live and archived attempts."""

import json
from collections import defaultdict, namedtuple

from .values import elements, number, parse_timestamp, text

# An attempt without a time comes before every other.
_NO_TIME = float("-inf")

Answer = namedtuple("Answer", "attempt is_archived question")


def by_user(rows):
    groups = defaultdict(list)
    for row in rows:
        groups[row["user_id"]].append(row)
    return groups


def time_of(attempt):
    moment = parse_timestamp(attempt.get("last_attempted_on"))
    return _NO_TIME if moment is None else moment


def kept_attempts(attempts, settings):
    """Content id to the attempt that counts, among those with a total_score (design.md 6.1)."""
    best_counts = settings.is_on("assessment.metrics.bestscore.report")

    def rank(attempt):
        recency = (time_of(attempt), attempt["attempt_id"])
        return (number(attempt["total_score"]), *recency) if best_counts else recency

    kept = {}
    for attempt in attempts:
        if number(attempt.get("total_score")) is None:
            continue
        content = attempt["content_id"]
        if content not in kept or rank(attempt) > rank(kept[content]):
            kept[content] = attempt
    return kept


def questions(attempt):
    """The stored questions; archives keep them as JSON text (upstream.md 5.6)."""
    stored = attempt.get("question")
    if isinstance(stored, str):
        stored = json.loads(stored)
    return elements(stored)


def answers(live, archived):
    """One learner's questions in report order; an archived copy of a live one is left out.

    An attempt without questions is one answer whose question is None.
    """
    keyed = [(time_of(attempt), attempt["attempt_id"], attempt["content_id"], False, attempt) for attempt in live]
    keyed += [(time_of(attempt), attempt["attempt_id"], attempt["content_id"], True, attempt) for attempt in archived]
    keyed.sort(key=lambda entry: entry[:4])
    in_live = {_copy_key(attempt, question) for attempt in live for question in questions(attempt) or [None]}
    for *_, is_archived, attempt in keyed:
        for question in questions(attempt) or [None]:
            if not is_archived or _copy_key(attempt, question) not in in_live:
                yield Answer(attempt, is_archived, question)


def _copy_key(attempt, question):
    return (attempt["content_id"], attempt["attempt_id"], question is not None, text((question or {}).get("id")))
