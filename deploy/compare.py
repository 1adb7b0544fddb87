#!/usr/bin/env python3
"""Compares two CSVs of one report: rows matched by learner (and attempt and question), columns by label.

usage: compare.py OLD NEW [--show N]

Reads quotes as upstream's jobs write them (a backslash before the quote) and as RFC 4180 has them, by what a file has.
Prints counts, never values: what differs is named by row number of OLD and by column. Ends with 1 if anything differs.
"""

import argparse
import collections
import csv
import sys

KEYS = ["User UUID", "QuestionSet Id", "Attempt Id", "Question Id"]


def read(path):
    """The header and the rows of a file."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        lines = file.read().splitlines(keepends=True)
    try:
        rows = list(csv.reader(lines, strict=True))
        if len({len(row) for row in rows}) > 1:
            raise csv.Error("rows of different lengths")
    except csv.Error:
        # Spark's way, which strict readers stumble over.
        rows = list(csv.reader(lines, strict=True, doublequote=False, escapechar="\\"))
    if not rows:
        sys.exit(f"compare: {path}: empty, not even a header")
    return rows[0], rows[1:]


def by_key(header, rows, path):
    """Rows by what tells them apart; equal ones in their order."""
    places = [header.index(name) for name in KEYS if name in header]
    if not places:
        sys.exit(f"compare: {path}: no column {KEYS[0]}; is this a report?")
    found = collections.OrderedDict()
    for number, row in enumerate(rows, 2):
        found.setdefault(tuple(row[place] for place in places), []).append((number, row))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--show", type=int, default=5, metavar="N", help="rows named for each column")
    arguments = parser.parse_args()
    old_header, old_rows = read(arguments.old)
    new_header, new_rows = read(arguments.new)
    old, new = by_key(old_header, old_rows, arguments.old), by_key(new_header, new_rows, arguments.new)
    faults = []
    for label in old_header:
        if label not in new_header:
            faults.append(f"column {label}: only in {arguments.old}")
    for label in new_header:
        if label not in old_header:
            faults.append(f"column {label}: only in {arguments.new}")
    missing = [number for key, rows in old.items() if key not in new for number, _ in rows]
    added = [number for key, rows in new.items() if key not in old for number, _ in rows]
    for numbers, path in ((missing, arguments.old), (added, arguments.new)):
        if numbers:
            faults.append(f"{len(numbers)} rows only in {path}: {numbers[:arguments.show]}")
    differing = collections.defaultdict(list)
    shared = [label for label in old_header if label in new_header]
    for key, rows in old.items():
        others = new.get(key, [])
        if others and len(others) != len(rows):
            faults.append(f"{len(rows)} rows against {len(others)} for the learner of row {rows[0][0]}")
        for (number, row), (_, other) in zip(rows, others):
            for label in shared:
                if row[old_header.index(label)] != other[new_header.index(label)]:
                    differing[label].append(number)
    for label, numbers in differing.items():
        faults.append(f"column {label}: {len(numbers)} cells differ, rows {numbers[:arguments.show]}")
    print(f"{len(old_rows)} and {len(new_rows)} rows, {len(shared)} columns in both")
    for fault in faults:
        print(fault)
    if not faults:
        print("equal")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
