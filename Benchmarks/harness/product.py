"""The product as a user runs it."""

import json
import os
import secrets
import shutil
import subprocess

from . import HarnessError
from .measuring import measure

REPORT = "progress-exhaust"


def binary(path):
    """The absolute path of the product; without one, that of a release build in this package."""
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    path = os.path.abspath(path or os.path.join(root, ".build", "release", "exhaust"))
    if not os.access(path, os.X_OK):
        raise HarnessError(f"{path}: not there. Build it with `swift build -c release`, or name it with --exhaust.")
    return path


class Product:
    """One binary, one data folder, one password file. Settings of the caller's environment do not count."""

    def __init__(self, path, data, password_file):
        self.path, self.data, self.password_file = path, data, password_file
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("EXHAUST_")}
        os.makedirs(os.path.dirname(password_file), exist_ok=True)
        if not os.path.exists(password_file):
            descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(16) + "\n")

    def measure(self, *arguments):
        return measure([self.path, *arguments], environment=self.environment)

    def json(self, *arguments):
        """What a command prints with --json."""
        done = subprocess.run(
            [self.path, *arguments, "--data", self.data, "--json"],
            env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines() or ["no message"]
            raise HarnessError(f"`exhaust {arguments[0]}`: ended with {done.returncode}: {lines[-1]}")
        return json.loads(done.stdout)

    def idle(self):
        """A process that does nothing, to take the memory of the program itself off."""
        return self.measure("version")

    def sample(self, learners, seed, folder):
        return self.measure("sample", "--learners", str(learners), "--seed", str(seed), "--out", folder)

    def import_folder(self, folder):
        shutil.rmtree(self.data, ignore_errors=True)
        return self.measure("import", folder, "--data", self.data)

    def run(self, course, out):
        """(measurement, path of the file) of a standalone run; `out` is emptied before."""
        shutil.rmtree(out, ignore_errors=True)
        done = self.measure(
            "run", REPORT, "--batch", course["batch"], "--channel", course["channel"], "--data", self.data,
            "--out", out, "--password-file", self.password_file, "--json",
        )
        files = json.loads(done.output)["files"]
        if len(files) != 1:
            raise HarnessError(f"batch {course['batch']}: {len(files)} files instead of one. Choose another batch.")
        return done, files[0]["path"]

    def _submission(self, course, tag):
        return (
            "submit", REPORT, "--batch", course["batch"], "--channel", course["channel"], "--by", "benchmark",
            "--tag", tag, "--password-file", self.password_file, "--fresh",
        )

    def submit(self, course, tag):
        """The id of the request."""
        return self.json(*self._submission(course, tag))["requestId"]

    def measure_submit(self, course, tag):
        return self.measure(*self._submission(course, tag), "--data", self.data)

    def work_once(self):
        return self.measure("work", "--once", "--data", self.data)

    def status(self, request):
        return self.json("status", request)

    def published(self, status):
        """The one file of a request that has ended well."""
        if status["status"] != "SUCCESS" or len(status["files"]) != 1:
            raise HarnessError(
                f"request {status['requestId']}: {status['status']} with {len(status['files'])} files."
                f" {status.get('error') or ''}"
            )
        return os.path.join(self.data, "files", status["files"][0]["path"])

    def start_worker(self, log):
        """A worker that goes on until it is stopped, with its log in a file; the caller owns the process."""
        with open(log, "wb") as file:
            return subprocess.Popen(
                [self.path, "work", "--data", self.data], env=self.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=file,
            )
