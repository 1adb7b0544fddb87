#!/usr/bin/env python3
"""How fast reports are made from a deployment's Cassandra, beside a bare program that reads the same tables with the same
driver and throws the rows away. Starts a node of its own. Needs Java 17, the folder of servers and Tests/requirements.txt.

    Benchmarks/deployment.py [--learners N] [--rounds N] [--oulad DIR]
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
SERVICE = PROJECT / "scripts/services.d/cassandra"
EXHAUST = PROJECT / ".build/release/exhaust"
BENCH = PROJECT / ".build/release/CassandraBench"
ORGANISATION, BATCH = "sample-org-1", "sample-batch-1"
REPORTS = [
    ("progress-exhaust", "documented", "enrolments,aggregates,attempts"),
    ("progress-exhaust", "sunbird", "enrolments,scores"),
    ("response-exhaust", "documented", "enrolments,attempts"),
]


def timed(words: list, environment: dict) -> tuple[float, float]:
    """Seconds, and the peak of the resident memory in MiB."""
    begun = time.monotonic()
    process = subprocess.Popen([str(word) for word in words], env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{words} ended with {status}")
    return time.monotonic() - begun, usage.ru_maxrss / 1024


class Node:
    def __init__(self, folder: str) -> None:
        self.folder = os.path.join(folder, "cassandra")
        # An address of its own, beside the node of the tests.
        answer = subprocess.run([SERVICE, "up", self.folder, "--address", "127.0.0.20"], check=True, text=True, stdout=subprocess.PIPE).stdout
        variables = dict(line.split("=", 1) for line in answer.splitlines())
        self.address = variables["EXHAUST_TEST_CASSANDRA"]
        self.driver = variables["EXHAUST_TEST_CASSANDRA_DRIVER"]

    def bench(self, *words: object) -> str:
        order = [BENCH, words[0], self.address, self.driver, *words[1:]]
        return subprocess.run([str(w) for w in order], check=True, text=True, stdout=subprocess.PIPE).stdout

    def settings(self, prefix: str, data: str) -> dict:
        host, port = self.address.split(":")
        return dict(
            os.environ, EXHAUST_DATA=data, EXHAUST_LEARNERS_STORE="cassandra", EXHAUST_CASSANDRA_CONTACTPOINTS=host,
            EXHAUST_CASSANDRA_PORT=port, EXHAUST_CASSANDRA_DRIVER=self.driver,
            EXHAUST_CASSANDRA_KEYSPACE_COURSES=f"{prefix}sunbird_courses",
            EXHAUST_CASSANDRA_KEYSPACE_HIERARCHY=f"{prefix}hierarchy_store",
            EXHAUST_CASSANDRA_KEYSPACE_PLATFORM=f"{prefix}sunbird", EXHAUST_LOG_LEVEL="warning")

    def stop(self) -> None:
        subprocess.run([SERVICE, "down", self.folder], check=True)


def filled(node: Node, place: str, prefix: str, learners: int) -> dict:
    """A sample course in a deployment; profiles and contents in the data folder. Answers the settings."""
    files, data = os.path.join(place, f"{prefix}files"), os.path.join(place, f"{prefix}data")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    os.mkdir(files)
    subprocess.run([BENCH, "sample", str(learners), files], **quiet)
    subprocess.run([EXHAUST, "import", files, "--data", data], **quiet)
    print(f"{learners} learners: {node.bench('load', prefix, 'user', files).strip()}", flush=True)
    return node.settings(prefix, data)


def compared(node: Node, place: str, prefix: str, settings: dict, rounds: int) -> None:
    print("\n| report, layout | product, best s | bare, best s | ratio | peak, MiB |\n|---|---|---|---|---|")
    for report, layout, tables in REPORTS:
        times, bare, peak = [], [], 0.0
        for number in range(rounds):
            # In turn, so that what else the machine does meets both.
            lines = node.bench("scan", prefix, tables).splitlines()
            bare.append(sum(float(line.rsplit(" in ", 1)[1].split()[0]) for line in lines))
            out = os.path.join(place, "out")
            seconds, memory = timed(
                [EXHAUST, "run", report, "--batch", BATCH, "--channel", ORGANISATION, "--layout", layout, "--out", out,
                 "--password-file", os.path.join(place, "password")], settings)
            times.append(seconds)
            peak = max(peak, memory)
            shutil.rmtree(out)
        print(f"| {report}, {layout} | {min(times):.2f} | {min(bare):.2f} | {min(times) / min(bare):.2f} | {peak:.1f} |",
              flush=True)


def small(node: Node, place: str, oulad: str, rounds: int) -> None:
    """A batch of 1,600 learners among 30,000 enrolments, a worker running: submit to file."""
    data = os.path.join(place, "ou_data")
    subprocess.run([EXHAUST, "import", oulad, "--data", data], check=True, stdout=subprocess.DEVNULL)
    node.bench("load", "ou_", "user", oulad)
    print("\n| enrolments | submit to file, best s | median s |\n|---|---|---|")
    for table in ["user_enrolments", "report_user_enrolments"]:
        settings = dict(node.settings("ou_", data), EXHAUST_CASSANDRA_ENROLMENTS=table, EXHAUST_LOG_LEVEL="info",
                        EXHAUST_LOG_FORMAT="json")
        worker = subprocess.Popen([EXHAUST, "work"], env=settings, stderr=subprocess.PIPE, text=True)
        times = []
        for number in range(rounds + 1):
            begun = time.monotonic()
            subprocess.run(
                [EXHAUST, "submit", "progress-exhaust", "--batch", "ou-FFF-2013B", "--channel", "01269878797503692810",
                 "--by", f"user-{table}-{number}", "--tag", f"do_ou_FFF_2013B_ou-FFF-2013B", "--password-file",
                 os.path.join(place, "password")], env=settings, check=True, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            for line in worker.stderr:
                if "run-ended" in line:
                    assert json.loads(line)["status"] == "SUCCESS", line
                    break
            times.append(time.monotonic() - begun)
        worker.terminate()
        worker.wait()
        # The first one connects.
        times = sorted(times[1:])
        print(f"| {table} | {times[0]:.2f} | {times[len(times) // 2]:.2f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--oulad", default=str(PROJECT.parent / "shared/data/oulad"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        pathlib.Path(place, "password").write_text("Benchmark-7\n")
        node = Node(place)
        try:
            idle = timed([EXHAUST, "version"], dict(os.environ))[1]
            print(f"load {os.getloadavg()}, exhaust version takes {idle:.1f} MiB")
            if os.path.isdir(given.oulad):
                small(node, place, given.oulad, given.rounds)
            for learners in [given.learners // 10, given.learners]:
                prefix = f"n{learners}_"
                settings = filled(node, place, prefix, learners)
                compared(node, place, prefix, settings, given.rounds)
            print(f"\nload {os.getloadavg()}")
        finally:
            node.stop()


if __name__ == "__main__":
    main()
