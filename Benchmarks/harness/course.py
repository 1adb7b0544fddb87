"""What a progress report about one batch looks like: names, leaves, nested collections, assessments.

It depends on the collection alone (design.md 6.1), so it is worked out once, before anything is timed, and given to
DuckDB and Spark as constants of their query. The product works it out inside its timed run.
"""

import gzip
import json
import os
import sys

from . import HarnessError

ORACLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Tests", "Oracle")
sys.path.insert(0, os.path.normpath(ORACLE))

from exhaust_oracle.csvtext import FORMULA_STARTS  # noqa: E402
from exhaust_oracle.documented import PROGRESS_COLUMNS  # noqa: E402
from exhaust_oracle.settings import Settings  # noqa: E402
from exhaust_oracle.tree import Tree  # noqa: E402


def rows_of(folder, table):
    """The rows of a small table in import form; none where the file is missing."""
    for name, opener in ((f"{table}.jsonl", open), (f"{table}.jsonl.gz", gzip.open)):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            with opener(path, "rb") as file:
                return [json.loads(line) for line in file if line.strip()]
    return []


def _last(rows, wanted):
    """Rows with the same key are replaced (design.md 5), so the last one counts."""
    found = [row for row in rows if wanted(row)]
    return found[-1] if found else None


def guarded(label):
    """A header cell is text like any other (design.md 6.3)."""
    return "'" + label if label.startswith(FORMULA_STARTS) else label


def batches_of(folder):
    """The (collection id, batch id) of every batch, each once, in file order."""
    return list(dict.fromkeys((row["courseid"], row["batchid"]) for row in rows_of(folder, "course_batch")))


def describe(folder, batch_id, channel=None, collection_id=None):
    """A JSON object with all that a query has to know of the batch; `channel` defaults to the collection's own."""
    keys = [key for key in batches_of(folder) if key[1] == batch_id and collection_id in (None, key[0])]
    if len(keys) != 1:
        what = "no such batch" if not keys else "in several collections: " + ", ".join(key[0] for key in keys)
        raise HarnessError(f"batch {batch_id}: {what}. Name one that course_batch of {folder} has.")
    collection = keys[0][0]
    row = _last(rows_of(folder, "course_batch"), lambda row: (row["courseid"], row["batchid"]) == keys[0])
    content = _last(rows_of(folder, "content"), lambda row: row["identifier"] == collection)
    if content is None:
        raise HarnessError(f"collection {collection}: not in table content. Nothing can be reported about it.")
    hierarchy = _last(rows_of(folder, "content_hierarchy"), lambda row: row["identifier"] == collection)
    tree = Tree(hierarchy.get("hierarchy") if hierarchy else None)
    settings = Settings()
    nested, assessments = tree.nested(settings.number("progress.nestedDepth")), tree.assessments(settings)
    header = PROGRESS_COLUMNS + [f"{identifier} - Progress" for identifier in nested]
    header += [f"{identifier} - Score" for identifier in assessments] + ["Time Spent"]
    owner = content.get("channel") or ""
    asked_by = owner if channel in (None, "System") else channel
    return {
        "collection": collection,
        "collectionName": content.get("name") or "",
        "batch": batch_id,
        "batchName": row.get("name") or "",
        "channel": channel or owner,
        "onlyOrganisation": None if asked_by == owner else asked_by,
        "header": [guarded(name) for name in header],
        "required": tree.required,
        "optional": sorted(tree.optional),
        "leafNodesCount": tree.leaf_nodes_count(content),
        "nested": [{"id": identifier, "leaves": leaves} for identifier, leaves in nested.items()],
        "assessments": assessments,
    }
