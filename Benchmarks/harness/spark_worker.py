"""Writes the CSV of the progress report with PySpark on two local cores.

    python -m harness.spark_worker COURSE.json PARQUET CSV

Prints a JSON object: seconds of the session's start and of the query until the one CSV file is there, CPU seconds
and peak memory of the Java process (Linux reports them of a process that still lives).
"""

import csv
import io
import json
import os
import shutil
import sys
import time

import pyspark
from pyspark.sql import SparkSession

from .spark_query import statement
from .tables import TABLES

# 200 shuffle partitions, Spark's default, cost seconds on two cores and buy nothing; a user would lower them.
OPTIONS = {
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "4g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}


def session(scratch):
    builder = SparkSession.builder.master("local[2]").appName("exhaust-benchmark")
    for key, value in {**OPTIONS, "spark.local.dir": scratch}.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def header_line(labels):
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(labels)
    return line.getvalue().encode()


def write(spark, course, parquet, target):
    """Each task writes its sorted share, then the shares are joined: faster than one task for everything."""
    for table in TABLES:
        spark.read.parquet(os.path.join(parquet, f"{table}.parquet")).createOrReplaceTempView(table)
    folder = target + ".parts"
    spark.sql(statement(course)).write.mode("overwrite").csv(
        folder, quote='"', escape='"', emptyValue="", nullValue="",
        ignoreLeadingWhiteSpace=False, ignoreTrailingWhiteSpace=False,
    )
    with open(target, "wb") as joined:
        joined.write(header_line(course["header"]))
        for name in sorted(name for name in os.listdir(folder) if name.startswith("part-")):
            with open(os.path.join(folder, name), "rb") as part:
                shutil.copyfileobj(part, joined, 1 << 20)
    shutil.rmtree(folder)


def java_usage(process):
    """(CPU seconds, peak bytes) of Spark's Java process."""
    with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:
        ticks = file.read().rpartition(")")[2].split()[11:13]
    with open(f"/proc/{process}/status", encoding="ascii", errors="replace") as file:
        peak = next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), peak


def java_process(spark):
    return spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid()


def main():
    course_file, parquet, target = sys.argv[1:4]
    with open(course_file, encoding="utf-8") as file:
        course = json.load(file)
    start = time.monotonic()
    spark = session(target + ".scratch")
    started = time.monotonic()
    try:
        write(spark, course, parquet, target)
        finished = time.monotonic()
        cpu, peak = java_usage(java_process(spark))
    finally:
        spark.stop()
        shutil.rmtree(target + ".scratch", ignore_errors=True)
    result = {"sessionSeconds": started - start, "querySeconds": finished - started}
    print(json.dumps({**result, "cpuSeconds": cpu, "peakBytes": peak, "version": pyspark.__version__}))


if __name__ == "__main__":
    main()
