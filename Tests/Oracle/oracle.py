#!/usr/bin/env python3
"""Prints the CSV that a report must have, from a folder in import form. See README.md beside this file."""

import argparse
import json
import sys
import time

from exhaust_oracle.audience import Refused, resolve
from exhaust_oracle.csvtext import CSVText
from exhaust_oracle.reports import compute
from exhaust_oracle.settings import Settings, SettingsError
from exhaust_oracle.tables import TableError, Tables
from exhaust_oracle.values import parse_timestamp


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("report", metavar="REPORT")
    parser.add_argument("--batch", required=True, metavar="ID")
    parser.add_argument("--collection", metavar="ID", help="needed where two collections have a batch of that id")
    parser.add_argument("--channel", required=True, metavar="ORG")
    parser.add_argument("--layout", choices=("documented", "sunbird"), default="documented")
    parser.add_argument("--dialect", choices=("rfc4180", "spark"), help="short for --setting csv.dialect=…")
    parser.add_argument("--as-of", metavar="ISO", help="the moment at which consent must hold; default now")
    parser.add_argument("--setting", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--findings", metavar="FILE", help="write the counts there, as JSON")
    return parser.parse_args()


def run(options):
    pairs = dict(pair.split("=", 1) for pair in options.setting)
    if options.dialect:
        pairs["csv.dialect"] = options.dialect
    settings = Settings(pairs)
    as_of = parse_timestamp(options.as_of) if options.as_of else int(time.time() * 1000)
    if as_of is None:
        raise SettingsError(f"--as-of {options.as_of}: not a timestamp")
    tables = Tables(options.folder)
    batches = resolve(tables, options.batch, options.channel, options.collection)
    if len(batches) > 1:
        names = ", ".join(batch.collection_id for batch in batches)
        raise Refused("batch-ambiguous", f"batch {options.batch}: in several collections ({names}); give --collection")
    header, rows, counts = compute(tables, batches[0], options.report, options.layout, settings, as_of)
    sys.stdout.buffer.write(CSVText(settings).encode(header, rows))
    if options.findings:
        with open(options.findings, "w", encoding="utf-8") as file:
            json.dump(counts, file, indent=2)
            file.write("\n")


def main():
    try:
        run(arguments())
    except Refused as error:
        print(f"oracle: {error.code}: {error}", file=sys.stderr)
        return 1
    except (SettingsError, TableError) as error:
        print(f"oracle: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
