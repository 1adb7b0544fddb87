#!/usr/bin/env python3
"""Measures the product, and DuckDB and PySpark beside it on the same data. See README.md beside this file.

Prints the figures as Markdown; notes about what is going on go to standard error.
"""

import argparse
import os
import shlex
import sys

from harness import HarnessError, comparing, contest, figures, machine, memory, options
from harness.environment import interpreter, require_programs
from harness.options import say
from harness.product import binary
from harness.workplace import Workplace

CONTESTANTS = ("exhaust", "duckdb", "spark")
MEMORY_SIZES = [10_000, 1_000_000]
SMALL_LEARNERS = 1_000


def contestants(text):
    names = text.split(",")
    if not names or set(names) - set(CONTESTANTS):
        raise argparse.ArgumentTypeError(f"{text}: choose from {','.join(CONTESTANTS)}")
    return names


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    options.add_common(parser)
    parser.add_argument("--contestants", type=contestants, default=list(CONTESTANTS), help=",".join(CONTESTANTS))
    parser.add_argument("--repeat", metavar="N", type=options.count, default=3, help="rounds; default 3")
    parser.add_argument("--spark-repeat", metavar="N", type=options.count, default=1, help="Spark's rounds; default 1")
    parser.add_argument(
        "--large-memory", metavar="N", type=options.count, nargs="*",
        help="only the memory of our run, at these numbers of learners; default 10000 1000000",
    )
    return parser.parse_args()


def prepared(given, exhaust, python):
    """The data in every form that a contestant needs."""
    name = "given" if given.data_from else f"sample-{given.learners}-{given.seed}"
    place = Workplace(os.path.join(given.work, name), exhaust, given.data_from)
    facts = []
    if given.reuse:
        place.needs((["data"] if exhaust else []) + (["parquet"] if len(given.contestants) > 1 else []))
    else:
        place.prepare_data(given.learners, given.seed, say)
    place.describe(given.batch, given.channel)
    if not given.reuse:
        if exhaust:
            imported = place.import_data(say)
            peak = figures.mebibytes(imported.peak)
            facts.append(("Import", f"{imported.wall:.1f} s, CPU {imported.cpu:.1f} s, peak {peak} MiB"))
        if set(given.contestants) - {"exhaust"}:
            rows = place.convert(python, say)
            facts.append(("Rows", ", ".join(f"{table} {count:,}" for table, count in rows.items())))
    return place, facts


def rounds(given, place, python):
    """Contestants take turns, so that a machine that slows down slows all of them."""
    results = figures.Results()
    for number in range(max(given.repeat, given.spark_repeat)):
        if number < given.repeat:
            say(f"round {number + 1} of {given.repeat}")
            if "exhaust" in given.contestants:
                results.add("Exhaust, run", contest.exhaust_run(place))
                results.add("Exhaust, work --once", contest.exhaust_work(place))
            if "duckdb" in given.contestants:
                for threads in (2, 1):
                    results.add(f"DuckDB, threads {threads}, + zip -1", contest.duckdb(place, python, threads))
        if number < given.spark_repeat and "spark" in given.contestants:
            say(f"Spark, round {number + 1} of {given.spark_repeat}")
            results.add("PySpark, local[2], + zip -1", contest.spark(place, python))
    return results


def compared(results, place, python):
    """(lines, whether all are equal): every CSV against the first, which is ours where we take part."""
    say("comparing the CSVs")
    files = {name: entries[-1].csv for name, entries in results.entries.items() if entries[-1].csv}
    facts = {}
    for name, entries in results.entries.items():
        if name.startswith("Exhaust"):
            csv = place.path(name.replace(", ", "-").replace(" --", "-") + ".csv")
            facts = contest.extracted(place, python, entries[-1].file, csv)
            files = {name: csv, **files} if name == "Exhaust, run" else {**files, name: csv}
    (first, left), *others = files.items()
    rows, are_equal = [[first, f"{facts.get('bytes', os.path.getsize(left)):,} bytes"]], True
    for name, right in others:
        comparison = comparing.compare(left, right)
        are_equal = are_equal and comparison.is_equal
        rows.append([name, comparison.described()])
    return figures.table(["CSV of", "against the first"], rows), are_equal


def small(given, exhaust):
    """Submit to file at 1,000 learners (design.md 11)."""
    place = Workplace(os.path.join(given.work, "small"), exhaust)
    place.prepare_data(SMALL_LEARNERS, given.seed, say)
    place.describe()
    place.import_data(say)
    return figures.small([contest.exhaust_submit_and_work(place) for _ in range(max(given.repeat, 3))])


def full(given, exhaust):
    require_programs(["zip"] + (["java"] if "spark" in given.contestants else []))
    python = interpreter(say)
    place, facts = prepared(given, exhaust, python)
    idle = place.product.idle() if exhaust else None
    results = rounds(given, place, python)
    comparison, are_equal = compared(results, place, python)
    versions = [
        (name.split(",")[0], entries[0].version) for name, entries in results.entries.items() if entries[0].version
    ]
    parts = [machine_table(exhaust, dict(versions).items(), facts), figures.contest(results, idle)]
    parts += [figures.ratios(results), comparison]
    if idle:
        parts.append(f"Idle (`exhaust version`): {figures.mebibytes(idle.peak)} MiB.")
        parts.append(small(given, exhaust))
    return [part for part in parts if part], are_equal


def large_memory(given, exhaust):
    sizes = given.large_memory or MEMORY_SIZES
    os.makedirs(given.work, exist_ok=True)
    place = Workplace(os.path.join(given.work, "idle"), exhaust)
    idle = place.product.idle()
    rows = memory.measured(exhaust, given.work, sizes, given.seed, say)
    return [machine_table(exhaust, [], []), figures.memory(rows, idle)], True


def machine_table(exhaust, versions, facts):
    command = [("Command", f"`{' '.join(map(shlex.quote, [os.path.basename(sys.argv[0]), *sys.argv[1:]]))}`")]
    return figures.table(["", ""], machine.described(exhaust, [*versions]) + list(facts) + command)


def main():
    given = arguments()
    try:
        needs_product = given.large_memory is not None or "exhaust" in given.contestants
        exhaust = binary(given.exhaust) if needs_product else None
        parts, is_good = large_memory(given, exhaust) if given.large_memory is not None else full(given, exhaust)
    except HarnessError as error:
        print(f"run: {error}", file=sys.stderr)
        return 1
    print("\n\n".join(parts))
    if not is_good:
        print("run: the CSVs differ: the figures compare different work. See the table.", file=sys.stderr)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
