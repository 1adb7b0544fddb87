"""The first cell in which two CSV files differ."""

from collections import namedtuple

from .csvtext import read_csv

# `row` counts from 1 and includes the header; `left` and `right` may be personal and are shown on demand only.
Difference = namedtuple("Difference", "row column name what left right")


def first_difference(left, right, dialect="rfc4180"):
    """None if both are the same bytes; otherwise where they part, down to quoting and line ends."""
    if left == right:
        return None
    left_rows, right_rows = read_csv(left, dialect), read_csv(right, dialect)
    header = left_rows[0] if left_rows else []
    for number, (one, other) in enumerate(zip(left_rows, right_rows), 1):
        for column, (a, b) in enumerate(zip(one, other), 1):
            if a != b:
                name = header[column - 1] if column <= len(header) else "?"
                return Difference(number, column, name, "cells differ", a, b)
        if len(one) != len(other):
            shorter = min(len(one), len(other))
            return Difference(number, shorter + 1, "?", f"{len(one)} cells against {len(other)}", "", "")
    if len(left_rows) != len(right_rows):
        row = min(len(left_rows), len(right_rows)) + 1
        return Difference(row, 1, "?", f"{len(left_rows)} rows against {len(right_rows)}", "", "")
    position = next((i for i, (a, b) in enumerate(zip(left, right)) if a != b), min(len(left), len(right)))
    row = left[:position].count(b"\n") + 1
    return Difference(row, 0, "?", f"same cells, other bytes from offset {position} (line {row})", "", "")


def described(difference, show=False):
    place = f"row {difference.row}, column {difference.column} ({difference.name}): {difference.what}"
    return f"{place}: {difference.left!r} against {difference.right!r}" if show else place
