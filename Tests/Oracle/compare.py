#!/usr/bin/env python3
"""Compares two CSV files cell by cell; ends with 1 at the first difference and names its row and column.

Values are not printed unless --show is given: they may be personal.
"""

import argparse
import gzip
import sys

from exhaust_oracle.csvtext import CSVSyntaxError
from exhaust_oracle.difference import described, first_difference


def read(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        return file.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("left", metavar="A.csv")
    parser.add_argument("right", metavar="B.csv")
    parser.add_argument("--dialect", choices=("rfc4180", "spark"), default="rfc4180")
    parser.add_argument("--show", action="store_true", help="print the two values")
    options = parser.parse_args()
    try:
        difference = first_difference(read(options.left), read(options.right), options.dialect)
    except (OSError, EOFError, UnicodeDecodeError, CSVSyntaxError) as error:
        print(f"compare: {error}", file=sys.stderr)
        return 2
    if difference is None:
        return 0
    print(described(difference, options.show), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
