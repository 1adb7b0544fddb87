#!/usr/bin/env python3
"""How fast requests go through the job table in PostgreSQL: as a ratio to pgbench with the same statements, and how soon a
request is leased after it was submitted. Starts a server of its own, durable as shipped. Needs pgbench and psql.

    Benchmarks/queue.py [--requests N] [--workers N] [--starts N] [--rounds N]
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent
SERVICE = PROJECT / "scripts/services.d/postgres"
BENCH = PROJECT / ".build/release/JobQueueBench"


def run(*words: object) -> str:
    return subprocess.run([str(word) for word in words], check=True, text=True, stdout=subprocess.PIPE).stdout


def pgbench() -> str:
    """Debian puts it on the path only with its wrapper, which wants a cluster of Debian's."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    return str(found[-1]) if found else shutil.which("pgbench") or "pgbench"


class Server:
    def __init__(self, folder: str) -> None:
        self.folder = os.path.join(folder, "postgres")
        os.chmod(folder, 0o711)
        answer = run(SERVICE, "up", self.folder)
        self.address = answer.strip().split("=", 1)[1]

    def sql(self, statement: str) -> None:
        run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, self.address)

    def fill(self, requests: int) -> None:
        self.sql("SET client_min_messages = warning; DROP SCHEMA IF EXISTS bench CASCADE")
        self.sql("CREATE SCHEMA bench")
        run(BENCH, "work", self.address, "bench", 1)
        self.sql(
            "ALTER TABLE bench.job_request DISABLE TRIGGER USER;"
            "INSERT INTO bench.job_request (tag, request_id, job_id, status, request_data, requested_by, requested_channel,"
            " dt_job_submitted) SELECT 't:org', 'R' || n, 'progress-exhaust', 'SUBMITTED', json_build_object('batchId', 'b' || n),"
            f" 'user', 'org', timestamp '2024-01-31' + n * interval '1 ms' FROM generate_series(1, {requests}) n;"
            "ALTER TABLE bench.job_request ENABLE TRIGGER USER")
        self.sql("VACUUM ANALYZE bench.job_request")

    def stop(self) -> None:
        run(SERVICE, "down", self.folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=4_000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--starts", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    run("swift", "build", "-c", "release", "--product", "JobQueueBench")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        try:
            ours, theirs = [], []
            # In turns, so that a change of the machine's mood meets both.
            for _ in range(options.rounds):
                server.fill(options.requests)
                done, seconds = run(BENCH, "work", server.address, "bench", options.workers).split()
                ours.append(int(done) / float(seconds))
                # Some more, since the last ones would find all rows locked.
                server.fill(options.requests + 1_000)
                report = run(
                    pgbench(), "-n", "-M", "prepared", "-f", PROJECT / "Benchmarks/queue.sql", "-c", options.workers, "-j", 2,
                    "-t", options.requests // options.workers, server.address)
                theirs.append(float(next(line for line in report.splitlines() if line.startswith("tps")).split()[2]))
            server.fill(0)
            times = sorted(float(line) for line in run(BENCH, "start", server.address, "bench", options.starts).split())
        finally:
            server.stop()
    print(json.dumps({
        "workers": options.workers, "requestsPerSecond": round(statistics.median(ours)),
        "pgbenchPerSecond": round(statistics.median(theirs)),
        "ratio": round(statistics.median(ours) / statistics.median(theirs), 2),
        "submitToLeaseMilliseconds": {
            "p50": round(times[len(times) // 2], 1), "p99": round(times[int(len(times) * 0.99)], 1),
            "count": len(times)},
    }, indent=1))


if __name__ == "__main__":
    main()
