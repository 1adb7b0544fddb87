#!/usr/bin/env python3
"""Checks `edge-expected/` against a fresh computation from `edge/`, and with --exhaust the product against it.

`--write` renews the expected files and their counts; read the difference before you keep it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

from exhaust_oracle.audience import Refused, resolve
from exhaust_oracle.csvtext import CSVSyntaxError, CSVText
from exhaust_oracle.difference import described, first_difference
from exhaust_oracle.reports import compute
from exhaust_oracle.settings import Settings
from exhaust_oracle.tables import Tables
from exhaust_oracle.values import parse_timestamp

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURE, EXPECTED = os.path.join(HERE, "edge"), os.path.join(HERE, "edge-expected")
# Consents of the fixture expire in 2001 or in 2999, so any moment between gives the same files.
AS_OF = parse_timestamp("2024-01-01T00:00:00Z")


def computed(tables, case):
    """The bytes and counts of one case."""
    settings = Settings(case["settings"])
    batches = resolve(tables, case["batch"], case["channel"], case.get("collection"))
    if len(batches) != 1:
        raise Refused("batch-ambiguous", f"batch {case['batch']}: in several collections")
    header, rows, counts = compute(tables, batches[0], case["report"], case["layout"], settings, AS_OF)
    return CSVText(settings).encode(header, rows), counts


def refusal(tables, case):
    """The code with which a request is refused, or None where it is not."""
    try:
        computed(tables, {"layout": "documented", "settings": {}, **case})
    except Refused as error:
        return error.code
    return None


def parted(difference_of):
    """The description of a difference, None without one; unreadable CSV is one too."""
    try:
        difference = difference_of()
    except (CSVSyntaxError, UnicodeDecodeError) as error:
        return str(error)
    return None if difference is None else described(difference, show=True)


def check_oracle(tables, manifest, write):
    faults = []
    for case in manifest["cases"]:
        path = os.path.join(EXPECTED, case["file"])
        csv, counts = computed(tables, case)
        if write:
            with open(path, "wb") as file:
                file.write(csv)
            case["counts"] = counts
            continue
        with open(path, "rb") as file:
            expected = file.read()
        fault = parted(lambda: first_difference(expected, csv, Settings(case["settings"]).text("csv.dialect")))
        if fault is None and counts != case["counts"]:
            fault = f"counts {counts} instead of {case['counts']}"
        if fault is not None:
            faults.append(f"{case['file']}: oracle: {fault}")
    for case in manifest["refused"]:
        code = refusal(tables, case)
        if code != case["code"]:
            faults.append(f"{case['report']} {case['batch']}: refused with {code} instead of {case['code']}")
    return faults


def run(binary, data, arguments, settings):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EXHAUST_")}
    for key, value in settings.items():
        environment["EXHAUST_" + key.replace(".", "_").upper()] = value
    command = [os.path.abspath(binary), *arguments, "--data", data]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def last_line(done):
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"ended with {done.returncode}: {lines[-1] if lines else '-'}"


def check_product(binary, manifest):
    faults, left_out = [], []
    with tempfile.TemporaryDirectory(prefix="exhaust-edge-") as folder:
        data = os.path.join(folder, "data")
        done = run(binary, data, ["import", FIXTURE], {})
        if done.returncode != 0:
            return [f"import {last_line(done)}"], left_out
        for case in manifest["cases"]:
            if "collection" in case:
                left_out.append(f"{case['file']}: the command line cannot choose between two collections")
                continue
            arguments = ["run", case["report"], "--batch", case["batch"], "--channel", case["channel"]]
            arguments += ["--layout", case["layout"], "--csv", "-", "--plain-personal-data"]
            done = run(binary, data, arguments, case["settings"])
            if done.returncode != 0:
                faults.append(f"{case['file']}: product {last_line(done)}")
                continue
            with open(os.path.join(EXPECTED, case["file"]), "rb") as file:
                expected = file.read()
            dialect = Settings(case["settings"]).text("csv.dialect")
            fault = parted(lambda: first_difference(expected, done.stdout, dialect))
            if fault is not None:
                faults.append(f"{case['file']}: expected against product: {fault}")
        for case in manifest["refused"]:
            arguments = ["run", case["report"], "--batch", case["batch"], "--channel", case["channel"], "--csv", "-"]
            done = run(binary, data, arguments + ["--plain-personal-data"], {})
            if done.returncode == 0:
                faults.append(f"{case['report']} {case['batch']}: not refused ({case['code']})")
    return faults, left_out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exhaust", metavar="FILE")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    path = os.path.join(EXPECTED, "cases.json")
    with open(path, encoding="utf-8") as file:
        manifest = json.load(file)
    faults = check_oracle(Tables(FIXTURE), manifest, options.write)
    if options.write:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(manifest, file, indent=1, ensure_ascii=False)
            file.write("\n")
    left_out = []
    if options.exhaust:
        product_faults, left_out = check_product(options.exhaust, manifest)
        faults += product_faults
    for line in left_out:
        print(f"LEFT OUT {line}")
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(manifest['cases'])} files, {len(manifest['refused'])} refusals; {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
