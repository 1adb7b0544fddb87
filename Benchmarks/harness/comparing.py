"""Whether two CSV files say the same, cell by cell."""

import csv
import dataclasses
import filecmp
import itertools
from collections import Counter

EXAMPLES = 5
_MISSING = object()


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Rows that were compared, how many cells differ in which column, and where the first ones are."""

    rows: int
    same_bytes: bool
    differing: dict
    places: tuple

    @property
    def is_equal(self):
        return not self.differing

    def described(self):
        if self.same_bytes:
            return "the same bytes"
        if self.is_equal:
            return f"{self.rows:,} rows, every cell equal; the bytes differ in quotes or line ends"
        columns = ", ".join(f"{name}: {count:,}" for name, count in sorted(self.differing.items()))
        first = "; ".join(f"row {row}, {name}" for row, name in self.places)
        return f"{sum(self.differing.values()):,} CELLS DIFFER of {self.rows:,} rows ({columns}; first: {first})"


def compare(left, right):
    """Compares two files that fit on the disk, not in memory. Places only, no values: they may be personal."""
    if filecmp.cmp(left, right, shallow=False):
        return Comparison(_rows(left), True, {}, ())
    differing, places, rows = Counter(), [], 0

    def note(row, name):
        differing[name] += 1
        if len(places) < EXAMPLES:
            places.append((row, name))

    with open(left, encoding="utf-8", newline="") as one, open(right, encoding="utf-8", newline="") as other:
        lines = itertools.zip_longest(csv.reader(one, strict=True), csv.reader(other, strict=True))
        header = []
        for rows, (mine, theirs) in enumerate(lines, 1):
            if rows == 1:
                header = mine or []
            if mine == theirs:
                continue
            if mine is None or theirs is None:
                note(rows, "(the row is in one file only)")
                continue
            for column, (a, b) in enumerate(itertools.zip_longest(mine, theirs, fillvalue=_MISSING)):
                if a != b:
                    note(rows, header[column] if column < len(header) else f"(column {column + 1})")
    return Comparison(rows, False, dict(differing), tuple(places))


def _rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))
