#!/usr/bin/env python3
"""A report of 2 GiB to a bucket: how much memory its worker takes beside an idle one and one with a small report, and whether a
link to it opens the file, and an altered or expired one does not. The bucket is a server of its own that checks signatures
(scripts/services.d/rclone). Needs about 20 GB of disk and 5 GB of memory, which is the bucket's, not the worker's.

    Benchmarks/bucket.py [--exhaust FILE] [--learners N] [--answer BYTES] [--small N] [--keep-expiry] [--work DIR]
"""

import argparse
import base64
import hashlib
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import urllib.parse

PROJECT = pathlib.Path(__file__).resolve().parent.parent
SERVICE = PROJECT / "scripts/services.d/rclone"
BATCH, ORGANISATION, USER, PASSWORD = "sample-batch-1", "sample-org-1", "demo-admin", "Benchmark-7 and more"
ANSWER = re.compile(r'("resvalues":\[\{"1":"\{\\"text\\":\\")(?:[^"\\]|\\\\.)*?(\\"\}"\}\])')
# How long links to a bucket are good (docs/operations.md).
LINK_SECONDS = 300
MIB = 1 << 20


class Store:
    """A data folder with a course, its files in the bucket."""

    def __init__(self, options: argparse.Namespace, folder: pathlib.Path, endpoint: str) -> None:
        self.exhaust, self.folder = options.exhaust, folder
        folder.mkdir(parents=True)
        (folder / "password").write_text(PASSWORD + "\n")
        self.environment = os.environ | {
            "EXHAUST_DATA": str(folder / "data"), "EXHAUST_FILES_STORE": "s3", "EXHAUST_FILES_S3_BUCKET": "reports",
            "EXHAUST_FILES_S3_ENDPOINT": endpoint, "EXHAUST_FILES_S3_KEYID": "exhaust-test",
            "EXHAUST_FILES_S3_SECRET": "exhaust-secret", "EXHAUST_LOG_FORMAT": "json", "EXHAUST_ACCESS_DEMO": "true"}

    def run(self, *words: object) -> str:
        command = [self.exhaust, *(str(word) for word in words)]
        return subprocess.run(command, env=self.environment, check=True, text=True, stdout=subprocess.PIPE).stdout

    def fill(self, learners: int, answer: int) -> None:
        """`answer` bytes of what no compression makes smaller by much stand in every answer to a question."""
        sample = self.folder / "sample"
        self.run("sample", "--learners", learners, "--uncompressed", "--out", sample)
        table = sample / "assessment_aggregator.jsonl"
        if answer:
            with open(table, encoding="utf-8") as old, open(f"{table}.new", "w", encoding="utf-8") as new:
                for line in old:
                    new.write(ANSWER.sub(lambda found: found[1] + noise(answer) + found[2], line))
            os.replace(f"{table}.new", table)
        self.run("import", sample)
        shutil.rmtree(sample)

    def work(self) -> "Worker":
        return Worker(self)


class Worker:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.process = subprocess.Popen([store.exhaust, "work"], env=store.environment, stderr=subprocess.PIPE, text=True)
        self.until("worker-started")

    def until(self, event: str) -> dict:
        for line in self.process.stderr:
            if f'"{event}"' in line:
                return json.loads(line)
        raise SystemExit(f"the worker ended before {event}")

    def peak(self) -> float:
        """MiB that were resident at the most so far."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def report(self) -> tuple[str, float]:
        """Has one made; answers its id, and the seconds from the file of the request to its end."""
        begun = time.monotonic()
        told = self.store.run(
            "submit", "response-exhaust", "--batch", BATCH, "--channel", ORGANISATION, "--by", USER, "--tag", "tag",
            "--password-file", self.store.folder / "password", "--json")
        ended = self.until("run-ended")
        assert ended["status"] == "SUCCESS", ended
        return json.loads(told)["requestId"], time.monotonic() - begun

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate()


def noise(count: int) -> str:
    return base64.b64encode(os.urandom(count * 3 // 4)).decode()


def ask(method: str, url: str, body: bytes = b"", fields: dict | None = None) -> http.client.HTTPResponse:
    """The answer, unread and whatever its status."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=120)
    connection.request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body or None, fields or {})
    return connection.getresponse()


def signed_link(store: Store, request: str) -> str:
    """Where the service sends whoever follows a link to the file."""
    server = subprocess.Popen(
        [store.exhaust, "serve", "--listen", "127.0.0.1:0"], env=store.environment, stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL)
    try:
        base = server.stdout.readline().split()[-1].rstrip("/")
        made = ask("POST", f"{base}/v1/requests/tag/{request}/links", b'{"file":0}',
                   {"Content-Type": "application/json", "Origin": base})
        text = made.read()
        assert made.status == 200, text
        url = base + urllib.parse.urlsplit(json.loads(text)["url"]).path
        answer = ask("GET", url)
        assert answer.status == 307, answer.status
        return answer.headers["Location"]
    finally:
        server.terminate()
        server.wait()


def check_link(link: str, file: pathlib.Path) -> None:
    """Start, end and all of it come as they lie in the bucket; a link that was altered opens nothing."""
    size = file.stat().st_size
    with open(file, "rb") as stored:
        whole = hashlib.file_digest(stored, "sha256").hexdigest()
        for start, count in ((0, 4096), (size - 4096, 4096)):
            answer = ask("GET", link, fields={"Range": f"bytes={start}-{start + count - 1}"})
            stored.seek(start)
            # This server answers 200 with what was asked for.
            assert answer.status in (200, 206) and answer.read() == stored.read(count), answer.status
        stored.seek(0)
        assert stored.read(4) == b"PK\x03\x04"
    answer, found = ask("GET", link), hashlib.sha256()
    while piece := answer.read(MIB):
        found.update(piece)
    assert answer.status == 200 and found.hexdigest() == whole
    for old, new in (("X-Amz-Expires=300", "X-Amz-Expires=3000"), ("response-exhaust", "response-exhausT")):
        assert old in link
        assert ask("GET", link.replace(old, new, 1)).status == 403


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exhaust", default=str(PROJECT / ".build/release/exhaust"))
    parser.add_argument("--learners", type=int, default=230_000)
    parser.add_argument("--answer", type=int, default=2_800, help="bytes of an answer; about six a learner")
    parser.add_argument("--small", type=int, default=1_000, help="learners of the small report")
    parser.add_argument("--keep-expiry", action="store_true", help="does not wait until a link has expired")
    parser.add_argument("--work", help="where data and files go")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        place = pathlib.Path(folder)
        bucket = place / "rclone"
        endpoint = subprocess.run([SERVICE, "up", bucket], check=True, text=True, stdout=subprocess.PIPE).stdout
        (bucket / "data/reports").mkdir()
        try:
            measured(options, place, bucket / "data/reports", endpoint.strip().split("=", 1)[1])
        finally:
            subprocess.run([SERVICE, "down", bucket], check=True)


def measured(options: argparse.Namespace, place: pathlib.Path, bucket: pathlib.Path, endpoint: str) -> None:
    figures = {}
    small, large = Store(options, place / "small", endpoint), Store(options, place / "large", endpoint)
    small.fill(options.small, 0)
    worker = small.work()
    time.sleep(2)
    figures["idleMiB"] = round(worker.peak(), 1)
    request, seconds = worker.report()
    figures |= {"smallSeconds": round(seconds, 2), "smallPeakMiB": round(worker.peak(), 1)}
    worker.stop()
    first_link, linked = signed_link(small, request), time.monotonic()
    assert ask("GET", first_link).status == 200

    begun = time.monotonic()
    large.fill(options.learners, options.answer)
    figures["fillSeconds"] = round(time.monotonic() - begun)
    worker = large.work()
    request, seconds = worker.report()
    files = [path for path in bucket.rglob("*.zip") if ".staging" not in path.parts]
    file = max(files, key=lambda path: path.stat().st_size)
    figures |= {
        "largeSeconds": round(seconds, 1), "largePeakMiB": round(worker.peak(), 1),
        "fileGiB": round(file.stat().st_size / (1 << 30), 2),
        "fileMiBPerSecond": round(file.stat().st_size / MIB / seconds, 1)}
    worker.stop()
    check_link(signed_link(large, request), file)
    figures["link"] = "opens the whole file; altered ones are refused"
    if not options.keep_expiry:
        time.sleep(max(0, LINK_SECONDS + 2 - (time.monotonic() - linked)))
        expired = ask("GET", first_link).status
        assert expired in (400, 403), expired
        figures["expiredLink"] = f"is refused ({expired})"
    figures["load"] = round(os.getloadavg()[0], 1)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
