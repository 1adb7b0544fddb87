#!/usr/bin/env python3
"""Checks that the queries of DuckDB and Spark give the report that the oracle in Tests/Oracle computes.

Without options: the special cases of Tests/Oracle/edge. With --data-from: batches of that folder.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

from harness import HarnessError, comparing, contest, course
from harness.environment import interpreter, require_programs
from harness.options import say
from harness.workplace import Workplace

REPORT = "progress-exhaust"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-from", metavar="DIR", help="a folder in import form")
    parser.add_argument("--batch", metavar="ID", action="append", help="of that folder; all of them otherwise")
    parser.add_argument("--without-spark", action="store_true")
    return parser.parse_args()


def edge_cases():
    """The expected files that need no setting."""
    folder = os.path.join(course.ORACLE, "edge-expected")
    with open(os.path.join(folder, "cases.json"), encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    for case in cases:
        if (case["report"], case["layout"], case["settings"]) == (REPORT, "documented", {}):
            yield case["batch"], case["channel"], case.get("collection"), os.path.join(folder, case["file"])


def oracle_cases(folder, batches, scratch):
    """What the oracle computes for batches of any folder."""
    for batch in batches or [key[1] for key in course.batches_of(folder)]:
        channel = course.describe(folder, batch)["channel"]
        expected = os.path.join(scratch, "expected.csv")
        script = os.path.join(course.ORACLE, "oracle.py")
        with open(expected, "wb") as file:
            command = [sys.executable, script, folder, REPORT, "--batch", batch, "--channel", channel]
            subprocess.run(command, stdout=file, check=True)
        yield batch, channel, None, expected


def check(place, python, case, with_spark):
    """Faults of one batch, which are printed."""
    batch, channel, collection, expected = case
    place.describe(batch, channel, collection)
    made = {"DuckDB": contest.duckdb(place, python, 2).csv}
    if with_spark:
        made["PySpark"] = contest.spark(place, python).csv
    faults = 0
    for name, csv in made.items():
        comparison = comparing.compare(expected, csv)
        faults += not comparison.is_equal
        print(f"{'ok   ' if comparison.is_equal else 'FAULT'} {batch} for {channel}, {name}: {comparison.described()}")
    return faults


def main():
    given = arguments()
    folder = given.data_from or os.path.join(course.ORACLE, "edge")
    try:
        require_programs(["zip"] + ([] if given.without_spark else ["java"]))
        python = interpreter(say)
        with tempfile.TemporaryDirectory(prefix="exhaust-check-") as scratch:
            place = Workplace(scratch, source=folder)
            place.convert(python, say)
            cases = oracle_cases(folder, given.batch, scratch) if given.data_from else edge_cases()
            results = [check(place, python, case, not given.without_spark) for case in cases]
    except HarnessError as error:
        print(f"check: {error}", file=sys.stderr)
        return 1
    print(f"{len(results)} batches, {sum(results)} faults")
    return 1 if sum(results) or not results else 0


if __name__ == "__main__":
    sys.exit(main())
