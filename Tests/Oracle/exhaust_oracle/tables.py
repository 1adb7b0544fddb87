"""An import-form folder in memory (design.md 5): one JSON object a line, later rows replace earlier ones."""

import gzip
import json
import os
from collections import defaultdict

KEYS = {
    "course_batch": ("courseid", "batchid"),
    "user_enrolments": ("userid", "courseid", "batchid"),
    "user_activity_agg": ("activity_type", "activity_id", "user_id", "context_id"),
    "assessment_aggregator": ("course_id", "batch_id", "user_id", "content_id", "attempt_id"),
    "assessment_archive": ("course_id", "batch_id", "user_id", "content_id", "attempt_id"),
    "content_hierarchy": ("identifier",),
    "content": ("identifier",),
    "user": ("userid",),
    "user_consent": ("user_id", "consumer_id", "object_id"),
    "system_settings": ("id",),
    "tenant_preference": ("orgid", "key"),
    "organisation": ("id",),
}


class TableError(ValueError):
    """A line that cannot be read, named by file and number."""


def _lines(folder, table):
    for name, opener in ((f"{table}.jsonl", open), (f"{table}.jsonl.gz", gzip.open)):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            continue
        with opener(path, "rb") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise TableError(f"{name}:{number}: {error}") from error
                if not isinstance(row, dict):
                    raise TableError(f"{name}:{number}: not an object")
                yield name, number, row


def _table(folder, table):
    rows = {}
    for name, number, row in _lines(folder, table):
        key = tuple(row.get(column) for column in KEYS[table])
        if any(part in (None, "") for part in key):
            raise TableError(f"{name}:{number}: key column missing: {', '.join(KEYS[table])}")
        rows[key] = row
    return rows


class Tables:
    """Every table by its key, and the large ones by batch."""

    def __init__(self, folder):
        if not os.path.isdir(folder):
            raise TableError(f"{folder}: no such folder")
        loaded = {table: _table(folder, table) for table in KEYS}
        self.batches = list(loaded["course_batch"].values())
        self.contents = {key[0]: row for key, row in loaded["content"].items()}
        self.hierarchies = {key[0]: row.get("hierarchy") for key, row in loaded["content_hierarchy"].items()}
        self.users = {key[0]: row for key, row in loaded["user"].items()}
        self.consents = loaded["user_consent"]
        self.settings = {key[0]: row.get("value") for key, row in loaded["system_settings"].items()}
        self._enrolments = self._grouped(loaded["user_enrolments"], "courseid", "batchid")
        self._attempts = self._grouped(loaded["assessment_aggregator"], "course_id", "batch_id")
        self._archive = self._grouped(loaded["assessment_archive"], "course_id", "batch_id")
        self._aggregates = defaultdict(dict)
        for (kind, activity, user, context), row in loaded["user_activity_agg"].items():
            known = self._aggregates[context].get((user, activity))
            # The job does not filter on the type (upstream.md 5.4); `Course` is the only one in use and wins.
            if known is None or kind == "Course":
                self._aggregates[context][user, activity] = row

    @staticmethod
    def _grouped(rows, *columns):
        groups = defaultdict(list)
        for row in rows.values():
            groups[tuple(row[column] for column in columns)].append(row)
        return groups

    def enrolments(self, batch):
        """In user id order: UTF-8 bytes and code points sort alike."""
        return sorted(self._enrolments.get(batch.key, ()), key=lambda row: row["userid"])

    def attempts(self, batch):
        return self._attempts.get(batch.key, ())

    def archive(self, batch):
        return self._archive.get(batch.key, ())

    def aggregates(self, batch):
        """(user id, activity id) to row, of `cb:<batch id>`."""
        return self._aggregates.get(f"cb:{batch.batch_id}", {})
