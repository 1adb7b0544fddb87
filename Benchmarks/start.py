#!/usr/bin/env python3
"""How soon an idle worker begins a request that the API takes: one API, one worker and a PostgreSQL of its own, durable as
shipped. From the moment that the database notes for the submission to the worker's line that the run began, which follows
the lease's commit; both go by this machine's clock. Needs psql and JobQueueBench's programs.

    Benchmarks/start.py [--exhaust FILE] [--requests N] [--pause SECONDS]
"""

import argparse
import datetime
import http.client
import json
import os
import subprocess
import tempfile
import time

import fleet
import job_server

BATCH = "sample-batch-1"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exhaust", default=str(job_server.PROJECT / ".build/release/exhaust"))
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--pause", type=float, default=0.1, help="between submissions, so that the worker is idle")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = job_server.Server(folder)
        try:
            place = fleet.Fleet(options, server, folder)
            place.prepare()
            print(json.dumps(measured(options, place, server) | {"load": round(os.getloadavg()[0], 1)}, indent=1))
        finally:
            server.stop()


def measured(options: argparse.Namespace, place: fleet.Fleet, server: job_server.Server) -> dict:
    log = place.folder / "worker.log"
    with open(log, "wb") as lines:
        worker = subprocess.Popen(
            [options.exhaust, "work"], env=place.environment | {"EXHAUST_LOG_FORMAT": "json"}, stderr=lines)
        api = subprocess.Popen(
            [options.exhaust, "serve", "--listen", "127.0.0.1:0"], env=place.environment, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL)
        try:
            port = int(api.stdout.readline().rsplit(":", 1)[1].strip("/\n "))
            until("worker-started", log)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            for number in range(options.requests):
                submit(connection, number)
                time.sleep(options.pause)
            while place.number("status NOT IN ('SUCCESS', 'FAILED')"):
                time.sleep(0.2)
        finally:
            for program in (api, worker):
                program.terminate()
            for program in (api, worker):
                program.wait()
    return figures(begins(log), rows(server))


def submit(connection: http.client.HTTPConnection, number: int) -> None:
    body = {"report": "progress-exhaust", "batchId": BATCH, "password": fleet.PASSWORD, "requestedBy": "user",
            "tag": f"start-{number}"}
    connection.request("POST", "/v1/requests", json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status >= 300:
        raise SystemExit(f"submission {number}: {answer.status} {text}")


def until(event: str, log: os.PathLike) -> None:
    while event not in open(log, encoding="utf-8").read():
        time.sleep(0.05)


def begins(log: os.PathLike) -> dict[str, float]:
    lines = [json.loads(line) for line in open(log, encoding="utf-8") if line.startswith("{")]
    return {
        line["request"]: datetime.datetime.fromisoformat(line["time"]).timestamp() * 1000
        for line in lines if line["event"] == "run-began"}


def rows(server: job_server.Server) -> list[tuple[str, float, float, str]]:
    """Id, submission and end in milliseconds, and status, in the order in which they were submitted."""
    answer = server.ask(
        "SELECT request_id, extract(epoch FROM dt_job_submitted AT TIME ZONE 'UTC') * 1000,"
        " extract(epoch FROM dt_job_completed AT TIME ZONE 'UTC') * 1000, status"
        " FROM fleet.job_request ORDER BY dt_job_submitted")
    found = [line.split("|") for line in answer.splitlines()]
    return [(id, float(submitted), float(ended or 0), status) for id, submitted, ended, status in found]


def figures(begins: dict[str, float], rows: list[tuple[str, float, float, str]]) -> dict:
    times, busy, last_end = [], 0, 0.0
    for request, submitted, ended, status in rows:
        assert status == "SUCCESS", f"request {request} ended with {status}"
        # One that found the worker at another says nothing of an idle one.
        if submitted < last_end:
            busy += 1
        else:
            times.append(begins[request] - submitted)
        last_end = max(last_end, ended)
    times.sort()
    return {
        "submitToBeginMilliseconds": {
            "p50": round(times[len(times) // 2], 1), "p99": round(times[int(len(times) * 0.99)], 1),
            "most": round(times[-1], 1), "count": len(times)},
        "notCountedSinceTheWorkerWasBusy": busy}


if __name__ == "__main__":
    main()
