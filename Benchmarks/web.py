#!/usr/bin/env python3
"""Measures the web API with wrk: reads of one request, submissions, and a bare libmicrohttpd route beside them.

Prints the figures as Markdown; notes go to standard error. Client and server share the machine's cores.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
ORGANISATION = "sample-org-1"
BATCH = "sample-batch-1"

# Every submission is a request of its own: the tag is part of the id.
SUBMIT = """
local thread = 0
function setup(t) t:set("id", thread) thread = thread + 1 end
local number = 0
function request()
  number = number + 1
  local body = string.format('{"report":"progress-exhaust","batchId":"%s","password":"Wrk-Password-12345",' ..
    '"requestedBy":"wrk","tag":"round%s-%d-%d"}', "BATCH", "ROUND", id, number)
  return wrk.format("POST", "/v1/requests", {["Content-Type"] = "application/json"}, body)
end
"""


def say(text):
    print(f"http: {text}", file=sys.stderr)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exhaust", default=str(PROJECT / ".build/release/exhaust"), help="the binary")
    parser.add_argument("--seconds", type=int, default=10, help="length of a round; default 10")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, in which the routes take turns; default 3")
    parser.add_argument("--connections", type=int, default=32, help="default 32")
    return parser.parse_args()


def wrk(address, options, script=None):
    command = ["wrk", "-t1", f"-c{options.connections}", f"-d{options.seconds}s", "--latency"]
    if script:
        command += ["-s", str(script)]
    text = subprocess.run(command + [address], check=True, capture_output=True, text=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", text)
    if not found:
        sys.exit(f"http: wrk told nothing:\n{text}")
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(r"Socket errors: (.*)", text)
    if wrong or errors:
        sys.exit(f"http: {address}: {text}")
    latencies = dict(re.findall(r"(50|99)%\s+([\d.]+\w+)", text))
    return float(found.group(1)), milliseconds(latencies["50"]), milliseconds(latencies["99"])


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def call(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"} if body else {})
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status >= 300:
        sys.exit(f"http: {method} {path}: {answer.status} {text}")
    return json.loads(text)


def serve(options, folder):
    environment = dict(
        os.environ, EXHAUST_ACCESS_DEMO="true", EXHAUST_LOG_LEVEL="warning", EXHAUST_DATA=str(folder / "data"),
    )
    for words in (["sample", "--learners", "50", "--out", str(folder / "sample")], ["import", str(folder / "sample")]):
        subprocess.run([options.exhaust, *words], check=True, env=environment, stdout=subprocess.DEVNULL)
    server = subprocess.Popen(
        [options.exhaust, "serve", "--listen", "127.0.0.1:0"], env=environment, stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline()
    found = re.search(r":(\d+)/", line)
    if not found:
        sys.exit("http: the server does not start")
    return server, int(found.group(1))


def main():
    options = arguments()
    for program in ("wrk", "cc"):
        if not shutil.which(program):
            sys.exit(f"http: {program} is missing. On Debian: apt-get install wrk gcc")
    folder = Path(tempfile.mkdtemp(prefix="exhaust-http-"))
    servers = []
    try:
        subprocess.run(["cc", "-O2", "-o", folder / "bare", HERE / "webserver/bare.c", "-lmicrohttpd"], check=True)
        bare = subprocess.Popen([folder / "bare"], stdout=subprocess.PIPE, text=True)
        servers.append(bare)
        bare_port = int(bare.stdout.readline())
        server, port = serve(options, folder)
        servers.append(server)
        request = call(port, "POST", "/v1/requests", {
            "report": "progress-exhaust", "batchId": BATCH, "password": "Wrk-Password-12345", "requestedBy": "wrk",
            "tag": "read"})
        read = f"/v1/requests/read/{request['requestId']}"
        old = f"/job/request/read/read/{request['requestId']}"
        routes = [
            ("bare libmicrohttpd, C", f"http://127.0.0.1:{bare_port}/", False),
            ("`/health`", f"http://127.0.0.1:{port}/health", False),
            (f"`GET /v1/requests/…`", f"http://127.0.0.1:{port}{read}", False),
            (f"`GET /job/request/read/…`", f"http://127.0.0.1:{port}{old}", False),
            ("`POST /v1/requests`, durable", f"http://127.0.0.1:{port}/", True),
        ]
        figures = {name: [] for name, _, _ in routes}
        for number in range(options.rounds):
            for name, address, submits in routes:
                script = None
                if submits:
                    script = folder / "submit.lua"
                    script.write_text(SUBMIT.replace("BATCH", BATCH).replace("ROUND", str(number)))
                say(f"round {number + 1}: {name}")
                figures[name].append(wrk(address, options, script))
        print(f"wrk, one thread, {options.connections} connections, {options.seconds} s a round, {options.rounds} rounds, "
              f"{os.cpu_count()} cores; load at the end {os.getloadavg()[0]:.1f}\n")
        print("| route | requests/s, best | median | p50, ms | p99, ms |")
        print("|---|---|---|---|---|")
        for name, rounds in figures.items():
            rates = sorted(rate for rate, _, _ in rounds)
            best = max(rounds)
            print(f"| {name} | {rates[-1]:,.0f} | {statistics.median(rates):,.0f} | {best[1]:.2f} | {best[2]:.2f} |")
    finally:
        for server in servers:
            server.terminate()
            server.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
