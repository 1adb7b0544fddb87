#!/usr/bin/env python3
"""Several workers and one API on one PostgreSQL: many small requests of many channels, each a real report of a few learners.
Tells whether each was done once and no channel was left behind, and how fast they went, beside pgbench with the statements
of a lease and an end alone. Starts a server of its own, durable as shipped. Needs pgbench and psql.

    Benchmarks/fleet.py [--exhaust FILE] [--requests N] [--channels N] [--workers N]
"""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import time

import job_server

PASSWORD = "correct horse battery"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exhaust", default=str(job_server.PROJECT / ".build/release/exhaust"))
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--channels", type=int, default=20)
    parser.add_argument("--workers", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = job_server.Server(folder)
        try:
            figures = Fleet(options, server, folder).measure()
            figures["pgbenchPerSecond"] = round(server.pgbench(options.requests, options.workers))
        finally:
            server.stop()
    figures["ratio"] = round(figures["requestsPerSecond"] / figures["pgbenchPerSecond"], 3)
    figures["load"] = os.getloadavg()[1]
    print(json.dumps(figures, indent=1))


class Fleet:
    def __init__(self, options: argparse.Namespace, server: job_server.Server, folder: str) -> None:
        self.options, self.server, self.folder = options, server, pathlib.Path(folder)
        self.environment = os.environ | {
            "EXHAUST_DATA": str(self.folder / "data"),
            "EXHAUST_JOBS_STORE": "postgres",
            "EXHAUST_POSTGRES_CONNECTION": server.address,
            "EXHAUST_POSTGRES_SCHEMA": "fleet",
            "EXHAUST_ACCESS_DEMO": "true",
        }

    def prepare(self) -> None:
        """A sample course, the tables, and the key that all programs share."""
        job_server.build()
        sample = self.folder / "sample"
        self.run("sample", "--learners", "20", "--out", str(sample))
        self.run("import", str(sample))
        self.server.sql("CREATE SCHEMA fleet")
        self.run("migrate")
        # The first command makes the key.
        self.run("list")

    def measure(self) -> dict:
        self.prepare()
        api = self.start("serve", "--listen", "127.0.0.1:0")
        workers = [self.start("work") for _ in range(self.options.workers)]
        try:
            begin = time.monotonic()
            self.submit()
            while self.number("status NOT IN ('SUCCESS', 'FAILED')"):
                time.sleep(0.2)
            seconds = time.monotonic() - begin
            gone = [program.args for program in [*workers, api] if program.poll() is not None]
            assert not gone, f"{gone} did not stay"
        finally:
            for program in [*workers, api]:
                program.terminate()
            for program in [*workers, api]:
                program.wait()
        return {
            "requests": self.options.requests, "channels": self.options.channels, "workers": self.options.workers,
            "requestsPerSecond": round(self.options.requests / seconds, 1), "seconds": round(seconds, 1),
            "succeeded": self.number("status = 'SUCCESS'"), "attempts": self.number("true", "sum(iteration)"),
            "files": self.number("true", "count(DISTINCT download_urls[1])"),
            "leases": self.number("true", "sum(fencing)", "job_run"),
            "slowestChannelWhenHalfWasDone": self.slowest(),
        }

    def run(self, *words: str) -> None:
        subprocess.run([self.options.exhaust, *words], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start(self, *words: str) -> subprocess.Popen:
        return subprocess.Popen(
            [self.options.exhaust, *words], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def submit(self) -> None:
        """As a deployment's API files them: rows of its own, one channel's after the other's, so that fairness shows."""
        self.server.sql(
            "INSERT INTO fleet.job_request (tag, request_id, job_id, status, request_data, requested_by,"
            " requested_channel, dt_job_submitted, iteration, encryption_key)"
            " SELECT 't:c' || c, 'R' || c || '-' || n, 'progress-exhaust', 'SUBMITTED',"
            " json_build_object('batchId', 'sample-batch-1'), 'user-' || n, 'c' || c,"
            f" now()::timestamp + (c * {self.options.requests} + n) * interval '1 microsecond', 0, '{PASSWORD}'"
            f" FROM generate_series(1, {self.options.channels}) c,"
            f" generate_series(1, {self.options.requests // self.options.channels}) n")

    def number(self, condition: str, what: str = "count(*)", table: str = "job_request") -> int:
        return int(self.server.ask(f"SELECT {what} FROM fleet.{table} WHERE {condition}"))

    def slowest(self) -> float:
        """What share of a channel's requests was done, of the channel with the fewest, when half of all were."""
        least = self.server.ask(
            "SELECT min(done) FROM (SELECT count(*) FILTER (WHERE place <= total / 2) AS done FROM ("
            " SELECT requested_channel, row_number() OVER (ORDER BY dt_job_completed) AS place,"
            " count(*) OVER () AS total FROM fleet.job_request) t GROUP BY requested_channel) c")
        return round(int(least) / (self.options.requests // self.options.channels), 2)


if __name__ == "__main__":
    main()
