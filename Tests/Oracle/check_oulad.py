#!/usr/bin/env python3
"""Checks every cell of the product's reports on the Open University data against the oracle.

Imports the folder into a temporary data folder, runs each report in each layout for all batches, and compares. With
--upstream-output also compares layout `sunbird` in the `spark` dialect with what upstream's own jobs wrote, as lines
whose order means nothing. Without --exhaust only the oracle itself is checked.
"""

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter

from exhaust_oracle.audience import resolve
from exhaust_oracle.csvtext import CSVSyntaxError, CSVText
from exhaust_oracle.difference import described, first_difference
from exhaust_oracle.reports import REPORTS, compute
from exhaust_oracle.settings import Settings
from exhaust_oracle.tables import Tables

CHANNEL = "01269878797503692810"
BATCHES = 22
PROGRESS_ROWS = 22_437
UPSTREAM_SETTINGS = {"csv.dialect": "spark", "csv.formulaGuard": "off"}
UPSTREAM_ENVIRONMENT = {"EXHAUST_CSV_DIALECT": "spark", "EXHAUST_CSV_FORMULAGUARD": "off"}


class Product:
    """The real binary on a data folder of its own; settings of the caller's environment do not reach it."""

    def __init__(self, binary, data):
        self._binary, self._data = os.path.abspath(binary), data
        self._environment = {key: value for key, value in os.environ.items() if not key.startswith("EXHAUST_")}

    def _run(self, arguments, extra_environment=None):
        command = [self._binary, *arguments, "--data", self._data]
        environment = {**self._environment, **(extra_environment or {})}
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise RuntimeError(f"exhaust {arguments[0]} ended with {done.returncode}: {said[-1] if said else '-'}")
        return done.stdout

    def load(self, folder):
        self._run(["import", os.path.abspath(folder)])

    def csv(self, report, batch_id, layout, environment=None):
        arguments = ["run", report, "--batch", batch_id, "--channel", CHANNEL, "--layout", layout]
        return self._run(arguments + ["--csv", "-", "--plain-personal-data"], environment)


class Check:
    """Counts what was compared and what was wrong."""

    def __init__(self, options):
        self.options = options
        self.tables = Tables(options.oulad)
        self.batches = sorted(row["batchid"] for row in self.tables.batches)
        self.progress_rows = self.files = self.rows = self.cells = 0
        self.faults = []

    def expected(self, report, batch_id, layout, settings):
        batch = resolve(self.tables, batch_id, CHANNEL)[0]
        header, rows, _ = compute(self.tables, batch, report, layout, settings, int(time.time() * 1000))
        return CSVText(settings).encode(header, rows), len(rows), len(rows) * len(header)

    def batch(self, product, batch_id):
        """All reports and layouts of one batch against the oracle; one line is printed."""
        parts, faults_before = [], len(self.faults)
        for report, layout in REPORTS:
            csv, rows, cells = self.expected(report, batch_id, layout, Settings())
            if (report, layout) == ("progress-exhaust", "documented"):
                self.progress_rows += rows
            parts.append(f"{report}/{layout} {rows}")
            if product is None:
                continue
            try:
                difference = first_difference(csv, product.csv(report, batch_id, layout))
            except (RuntimeError, UnicodeDecodeError, CSVSyntaxError) as error:
                self.faults.append(f"{batch_id} {report} {layout}: {error}")
                continue
            self.files += 1
            if difference is None:
                self.rows += rows
                self.cells += cells
            else:
                self.faults.append(f"{batch_id} {report} {layout}: {described(difference, self.options.show)}")
        state = "not run" if product is None else "equal" if len(self.faults) == faults_before else "DIFFERENT"
        print(f"{batch_id}: {state}: rows {', '.join(parts)}", flush=True)

    def upstream(self, product):
        """The lines of upstream's files, order apart, from the oracle and from the product."""
        for report in ("progress-exhaust", "response-exhaust", "userinfo-exhaust"):
            folder = os.path.join(self.options.upstream_output, report)
            for name in sorted(os.listdir(folder)):
                batch_id = name.removesuffix(".csv.gz")
                with gzip.open(os.path.join(folder, name), "rb") as file:
                    wanted = Counter(file.read().splitlines(keepends=True))
                self._same_lines("oracle", report, batch_id, wanted, self._oracle_lines(report, batch_id))
                if product is not None:
                    try:
                        lines = product.csv(report, batch_id, "sunbird", UPSTREAM_ENVIRONMENT)
                    except RuntimeError as error:
                        self.faults.append(f"{batch_id} {report} upstream: {error}")
                        continue
                    self._same_lines("product", report, batch_id, wanted, lines)

    def _oracle_lines(self, report, batch_id):
        return self.expected(report, batch_id, "sunbird", Settings(UPSTREAM_SETTINGS))[0]

    def _same_lines(self, who, report, batch_id, wanted, csv):
        got = Counter(csv.splitlines(keepends=True))
        missing, extra = sum((wanted - got).values()), sum((got - wanted).values())
        state = "equal" if not missing and not extra else f"{missing} lines missing, {extra} not upstream's"
        print(f"{batch_id} {report}: {who} against upstream: {sum(wanted.values())} lines: {state}", flush=True)
        if missing or extra:
            self.faults.append(f"{batch_id} {report} {who} against upstream: {state}")

    def totals(self):
        if len(self.batches) != BATCHES:
            self.faults.append(f"{len(self.batches)} batches instead of {BATCHES}")
        if self.progress_rows != PROGRESS_ROWS:
            self.faults.append(f"{self.progress_rows} progress rows instead of {PROGRESS_ROWS}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exhaust", metavar="FILE", help="the binary; without it only the oracle is checked")
    parser.add_argument("--oulad", required=True, metavar="DIR")
    parser.add_argument("--upstream-output", metavar="DIR")
    parser.add_argument("--show", action="store_true", help="print differing values")
    options = parser.parse_args()
    check = Check(options)
    with tempfile.TemporaryDirectory(prefix="exhaust-oulad-") as folder:
        product = None
        if options.exhaust:
            product = Product(options.exhaust, os.path.join(folder, "data"))
            product.load(options.oulad)
        for batch_id in check.batches:
            check.batch(product, batch_id)
        if options.upstream_output:
            check.upstream(product)
    check.totals()
    for fault in check.faults:
        print(f"FAULT {fault}")
    compared = f"{check.files} files compared, {check.rows:,} rows and {check.cells:,} cells equal"
    counted = f"{len(check.batches)} batches, {check.progress_rows:,} progress rows"
    print(f"{counted}; {compared}; {len(check.faults)} faults")
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main())
