"""Turns a folder in import form into Parquet, one file a table, sorted as the product's store is clustered.

    python -m harness.parquet_worker FOLDER PARQUET

Prints a JSON object with the rows of each table. It is not timed, as the product's import is not.
"""

import json
import os
import sys

import duckdb

from .tables import TABLES

# Year to day, then optionally time, fraction after `.` or `:`, and zone.
_FORM = (
    r"^\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.:](\d{1,9}))?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?)?\s*$"
)


def timestamp(column):
    """SQL that reads text in every form of design.md 5 as a UTC timestamp of whole milliseconds, else NULL."""

    def group(number):
        return f"regexp_extract({column}, '{_FORM}', {number})"

    moment = f"TRY_CAST({group(1)} || ' ' || CASE {group(2)} WHEN '' THEN '00:00' ELSE {group(2)} END AS TIMESTAMP)"
    digits = f"replace({group(4)}, ':', '')"
    minutes = f"(substr({digits}, 2, 2)::INTEGER * 60 + coalesce(nullif(substr({digits}, 4, 2), ''), '0')::INTEGER)"
    shift = f"CASE WHEN {digits} IN ('', 'Z', 'z') THEN 0 WHEN {digits}[1] = '-' THEN -{minutes} ELSE {minutes} END"
    fraction = f"rpad(left({group(3)}, 3), 3, '0')::INTEGER"
    return f"({moment} + to_milliseconds({fraction}) - to_minutes(({shift})::INTEGER))"


def _read(column, kind):
    if kind == "TIMESTAMP":
        return f"{timestamp(column)} AS {column}"
    if kind == "BOOLEAN":
        return f"coalesce(lower({column}) = 'true', false) AS {column}"
    return column


def convert(connection, folder, table, target):
    """Writes one table and gives its number of rows. A table that the folder lacks becomes an empty file."""
    description = TABLES[table]
    columns, key = description["columns"], ", ".join(description["key"])
    names = [f"{table}.jsonl", f"{table}.jsonl.gz"]
    path = next((path for path in (os.path.join(folder, name) for name in names) if os.path.exists(path)), None)
    if path is None:
        fields = ", ".join(f"NULL::{kind} AS {column}" for column, kind in columns.items())
        rows = f"SELECT {fields} LIMIT 0"
    else:
        forms = ", ".join(
            f"{column}: '{'VARCHAR' if kind in ('TIMESTAMP', 'BOOLEAN') else kind}'"
            for column, kind in columns.items()
        )
        quoted = path.replace("'", "''")
        source = f"read_json('{quoted}', format = 'newline_delimited', columns = {{{forms}}})"
        total, distinct = connection.execute(
            f"SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT {key} FROM {source})) FROM {source}"
        ).fetchone()
        if total != distinct:
            source = (
                f"(SELECT * FROM (SELECT *, row_number() OVER () AS line FROM {source})"
                f" QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY line DESC) = 1)"
            )
        fields = ", ".join(_read(column, kind) for column, kind in columns.items())
        rows = f"SELECT {fields} FROM {source} ORDER BY {key}"
    connection.execute(f"COPY ({rows}) TO '{target.replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
    return connection.execute("SELECT count(*) FROM read_parquet(?)", [target]).fetchone()[0]


def main():
    folder, parquet = sys.argv[1:3]
    os.makedirs(parquet, exist_ok=True)
    with duckdb.connect(config={"threads": 2, "temp_directory": os.path.join(parquet, "spill")}) as connection:
        counts = {
            table: convert(connection, folder, table, os.path.join(parquet, f"{table}.parquet")) for table in TABLES
        }
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
