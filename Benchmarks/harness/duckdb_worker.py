"""Writes the CSV of the progress report with DuckDB.

    python -m harness.duckdb_worker COURSE.json PARQUET CSV THREADS

Prints a JSON object: seconds of the statement alone, without starting Python or connecting.
"""

import json
import sys
import time

import duckdb

from .duckdb_query import MACROS, statement


def main():
    course_file, parquet, csv, threads = sys.argv[1:5]
    with open(course_file, encoding="utf-8") as file:
        course = json.load(file)
    with duckdb.connect(config={"threads": int(threads), "temp_directory": csv + ".spill"}) as connection:
        connection.execute(MACROS)
        start = time.monotonic()
        connection.execute(statement(course, parquet, csv))
        seconds = time.monotonic() - start
    print(json.dumps({"seconds": seconds, "version": duckdb.__version__}))


if __name__ == "__main__":
    main()
