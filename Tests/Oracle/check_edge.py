#!/usr/bin/env python3
"""Checks `edge-expected/` against a fresh computation from `edge/`, and with --exhaust the product against it.

`--write` renews the expected files and their counts; read the difference before you keep it. `--setting` and `--import`
let the product read learner data from another store, which somebody has filled with `edge/`.
"""

import argparse
import glob
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor

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
# What the product says, by the oracle's codes.
REFUSALS = {
    "batch-unknown": "No data found",
    "collection-retired": "retired collection",
    "consent-not-asked": "don't request for user consent",
}
# Half of a short run is waiting.
RUNS_AT_ONCE = 3


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


class Product:
    """The binary on a data folder; `settings` hold for every run but the import."""

    def __init__(self, binary, data, settings):
        self.binary, self.data, self.settings = os.path.abspath(binary), data, settings

    def run(self, arguments, settings):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("EXHAUST_")}
        for key, value in settings.items():
            if key != "csvColumns":
                variable = key if key.startswith("EXHAUST_") else "EXHAUST_" + key.replace(".", "_").upper()
                environment[variable] = value
        command = [self.binary, *arguments, "--data", self.data]
        return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def fill(self, folder):
        return self.run(["import", folder], {})

    def answer(self, arguments, settings):
        return self.run(arguments, {**self.settings, **settings})


def last_line(done):
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"ended with {done.returncode}: {lines[-1] if lines else '-'}"


class Failed(Exception):
    """The product gave no CSV."""


def completed(done):
    if done.returncode != 0:
        raise Failed(last_line(done))
    return done.stdout


def csv_in(archive):
    """The CSV of an open zip; the other entries are receipt and dictionary."""
    with zipfile.ZipFile(archive) as files:
        names = [name for name in files.namelist() if name.endswith(".csv") and name != "dictionary.csv"]
        return files.read(names[0])


def plain_csv(product, case):
    arguments = ["run", case["report"], "--batch", case["batch"], "--channel", case["channel"]]
    arguments += ["--layout", case["layout"], "--csv", "-", "--plain-personal-data"]
    return completed(product.answer(arguments, case["settings"]))


def csv_of_collection(product, case):
    """Of a batch id under several collections each batch has a file of its own; without a password it is open."""
    with tempfile.TemporaryDirectory(prefix="exhaust-edge-") as out:
        arguments = ["run", case["report"], "--batch", case["batch"], "--channel", case["channel"]]
        arguments += ["--layout", case["layout"], "--out", out, "--json"]
        files = json.loads(completed(product.answer(arguments, case["settings"])))["files"]
        return csv_in(next(file["path"] for file in files if file["collectionId"] == case["collection"]))


def csv_of_request(product, case):
    """csvColumns are part of a request's datasetConfig, which other programs write into the job table."""
    completed(product.answer(["adopt"], {}))
    request = {"batchId": case["batch"], "layout": case["layout"]}
    request["csvColumns"] = case["settings"]["csvColumns"].split(",")
    row = {
        "tag": f"edge:{case['channel']}", "request_id": "EDGE1", "job_id": case["report"], "status": "SUBMITTED",
        "request_data": json.dumps(request), "requested_by": "edge", "requested_channel": case["channel"],
        "dt_job_submitted": "2024-01-01 00:00:00.000", "iteration": 0,
    }
    with sqlite3.connect(os.path.join(product.data, "jobs.db"), timeout=30) as jobs:
        places = ", ".join(f":{column}" for column in row)
        jobs.execute(f"INSERT INTO job_request ({', '.join(row)}) VALUES ({places})", row)
    jobs.close()
    done = product.answer(["work", "--once"], case["settings"])
    completed(done)
    archives = glob.glob(os.path.join(product.data, "files", case["report"], row["request_id"], "*.zip"))
    if len(archives) != 1:
        raise Failed(f"{len(archives)} files: {last_line(done)}")
    return csv_in(archives[0])


def fault_of(product, case):
    """What is wrong with the product's file of a case; None if nothing is."""
    way = csv_of_collection if "collection" in case else plain_csv
    if "csvColumns" in case["settings"]:
        way = csv_of_request
    try:
        got = way(product, case)
    except Failed as failure:
        return f"{case['file']}: product {failure}"
    with open(os.path.join(EXPECTED, case["file"]), "rb") as file:
        expected = file.read()
    dialect = Settings(case["settings"]).text("csv.dialect")
    fault = parted(lambda: first_difference(expected, got, dialect))
    return None if fault is None else f"{case['file']}: expected against product: {fault}"


def fault_of_refusal(product, case):
    """What is wrong with a refusal; None if the product refuses for that reason."""
    arguments = ["run", case["report"], "--batch", case["batch"], "--channel", case["channel"], "--csv", "-"]
    done = product.answer(arguments + ["--plain-personal-data"], {})
    if done.returncode != 0 and REFUSALS[case["code"]] in last_line(done):
        return None
    return f"{case['report']} {case['batch']}: not refused ({case['code']}): {last_line(done)}"


def check_product(product, source, manifest):
    done = product.fill(source)
    if done.returncode != 0:
        return [f"import {last_line(done)}"]
    with ThreadPoolExecutor(RUNS_AT_ONCE) as pool:
        faults = list(pool.map(lambda case: fault_of(product, case), manifest["cases"]))
        faults += pool.map(lambda case: fault_of_refusal(product, case), manifest["refused"])
    return [fault for fault in faults if fault is not None]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exhaust", metavar="FILE")
    parser.add_argument("--setting", metavar="KEY=VALUE", action="append", default=[])
    parser.add_argument("--import", dest="source", metavar="FOLDER", default=FIXTURE)
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
    if options.exhaust:
        settings = dict(setting.split("=", 1) for setting in options.setting)
        with tempfile.TemporaryDirectory(prefix="exhaust-edge-") as folder:
            product = Product(options.exhaust, os.path.join(folder, "data"), settings)
            faults += check_product(product, options.source, manifest)
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(manifest['cases'])} files, {len(manifest['refused'])} refusals; {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
