"""The contestants: each makes a compressed file of the same report from the same data."""

import dataclasses
import os

from .environment import ROOT, worker
from .measuring import Measurement, last_json, measure


@dataclasses.dataclass(frozen=True)
class Entry:
    """What one contestant did once: the whole, its stages in seconds, the file that it made, what version it is."""

    total: Measurement
    stages: dict
    file: str
    csv: str | None = None
    version: str | None = None


def zipped(csv):
    """(measurement, path): fast deflate and no encryption, which favours the others."""
    target = csv + ".zip"
    if os.path.exists(target):
        os.remove(target)
    return measure(["zip", "-1", "-q", "-j", target, csv], memory=False), target


def exhaust_run(place):
    """Ours, standalone: from starting the program to the durable encrypted file."""
    done, file = place.product.run(place.course, place.path("ours"))
    return Entry(done, {"run": done.wall}, file)


def exhaust_work(place):
    """Ours, as a worker that finds one request waiting; submitting is not timed."""
    request = place.product.submit(place.course, "benchmark")
    done = place.product.work_once()
    return Entry(done, {"work": done.wall}, place.product.published(place.product.status(request)))


def exhaust_submit_and_work(place):
    """Ours from submitting to the published file, each by a process that has to start first."""
    submitted = place.product.measure_submit(place.course, "benchmark-small")
    worked = place.product.work_once()
    return Entry(submitted.plus(worked), {"submit": submitted.wall, "work": worked.wall}, "")


def duckdb(place, python, threads):
    """The statement alone, without starting Python; CPU and memory are those of the process."""
    csv = place.path(f"duckdb-{threads}.csv")
    done = measure(
        worker(python, "duckdb_worker", place.path("course.json"), place.path("parquet"), csv, threads), folder=ROOT
    )
    told = last_json(done.output)
    packed, file = zipped(csv)
    total = Measurement(told["seconds"] + packed.wall, done.cpu + packed.cpu, done.peak)
    return Entry(total, {"query": told["seconds"], "zip": packed.wall}, file, csv, told["version"])


def spark(place, python):
    """Session, query and joined file; CPU and memory are those of the Java process."""
    csv = place.path("spark.csv")
    done = measure(
        worker(python, "spark_worker", place.path("course.json"), place.path("parquet"), csv), folder=ROOT
    )
    told = last_json(done.output)
    packed, file = zipped(csv)
    stages = {"session": told["sessionSeconds"], "query": told["querySeconds"], "zip": packed.wall}
    total = Measurement(sum(stages.values()), told["cpuSeconds"] + packed.cpu, told["peakBytes"])
    return Entry(total, stages, file, csv, told["version"])


def extracted(place, python, file, csv):
    """Takes the CSV out of our file; not timed. Gives its entries, bytes and SHA-256."""
    done = measure(worker(python, "archive_worker", file, place.product.password_file, csv), folder=ROOT)
    return last_json(done.output)
