#!/usr/bin/env python3
"""How fast requests go through the job table in PostgreSQL: as a ratio to pgbench with the same statements, and how soon a
request is leased after it was submitted. Starts a server of its own, durable as shipped. Needs pgbench and psql.

    Benchmarks/job_queue.py [--requests N] [--workers N] [--starts N] [--rounds N]
"""

import argparse
import json
import statistics
import tempfile

from job_server import BENCH, Server, build, run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=4_000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--starts", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    build()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        try:
            ours, theirs = [], []
            # In turns, so that a change of the machine's mood meets both.
            for _ in range(options.rounds):
                server.fill(options.requests)
                done, seconds = run(BENCH, "work", server.address, "bench", options.workers).split()
                ours.append(int(done) / float(seconds))
                theirs.append(server.pgbench(options.requests, options.workers))
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
