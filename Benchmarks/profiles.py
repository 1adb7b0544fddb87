#!/usr/bin/env python3
"""How fast profiles come from a user cache, beside redis-benchmark sending the same command to the same server: the same
fields of users that exist, as many connections, as many commands in flight. Starts a server of its own. Needs redis-server.

    Benchmarks/profiles.py [--users N] [--reads N] [--connections N] [--rounds N]
"""

import argparse
import csv
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent
SERVICE = PROJECT / "scripts/services.d/redis"
BENCH = PROJECT / ".build/release/RedisBench"
DATABASE = 12
# What `RedisConnection.pipelineLength` sends at a time.
PIPELINE = 200
# Fields of a progress report with the sizes that a deployment's values have.
FIELDS = {
    "firstname": "Ananya", "lastname": "Krishnamurthy", "state": "Karnataka", "district": "Bengaluru Urban South",
    "block": "Anekal", "orgname": "Karnataka State Board", "schoolname": "Government Higher Primary School, Chandapura",
    "schooludisecode": "29280700302", "usertype": "teacher", "usersubtype": "headmaster",
}


def run(*words: object, given: bytes | None = None) -> str:
    done = subprocess.run([str(word) for word in words], check=True, input=given, stdout=subprocess.PIPE)
    return done.stdout.decode()


def command(*words: str) -> bytes:
    encoded = [word.encode() for word in words]
    return b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded)


class Cache:
    def __init__(self, folder: str, users: int) -> None:
        self.folder = os.path.join(folder, "redis")
        # It reads only: what is written to disk meanwhile would be noise.
        self.address = run(SERVICE, "up", self.folder, "--appendonly", "no").strip().split("=", 1)[1]
        self.host, self.port = self.address.split(":")
        self.users = users
        pairs = [text for pair in FIELDS.items() for text in pair]
        rows = [command("HSET", f"user:{number:012}", *pairs) for number in range(users)]
        run("redis-cli", "-h", self.host, "-p", self.port, "-n", DATABASE, "--pipe", given=b"".join(rows))

    def ours(self, reads: int, connections: int) -> float:
        found, seconds = run(BENCH, self.address, DATABASE, self.users, reads, connections, *FIELDS).split()
        # A miss costs less, and would flatter.
        assert int(found) >= reads * 0.99, f"{found} of {reads} profiles were found"
        return int(found) / float(seconds)

    def theirs(self, reads: int, connections: int) -> float:
        report = run(
            "redis-benchmark", "-h", self.host, "-p", self.port, "--dbnum", DATABASE, "-P", PIPELINE, "-c", connections,
            "-n", reads, "-r", self.users, "--csv", "HMGET", "user:__rand_int__", *FIELDS)
        return float(list(csv.DictReader(report.splitlines()))[0]["rps"])

    def stop(self) -> None:
        run(SERVICE, "down", self.folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--reads", type=int, default=2_000_000)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    run("swift", "build", "-c", "release", "--product", "RedisBench")
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(folder, options.users)
        try:
            for connections in options.connections:
                # In turns, so that a change of the machine's mood meets both.
                pairs = [
                    (cache.ours(options.reads, connections), cache.theirs(options.reads, connections))
                    for _ in range(options.rounds)
                ]
                ours, theirs = (statistics.median(side) for side in zip(*pairs))
                print(json.dumps({
                    "connections": connections, "profilesPerSecond": round(ours), "redisBenchmarkPerSecond": round(theirs),
                    "ratio": round(ours / theirs, 2), "ratios": [round(one / other, 2) for one, other in pairs],
                    "load": round(os.getloadavg()[0], 1)}), flush=True)
        finally:
            cache.stop()


if __name__ == "__main__":
    main()
