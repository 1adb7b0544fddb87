"""What the checks share: the program's own words, places, and how a check reports."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
BINARY = os.environ.get("EXHAUST_BINARY", str(PROJECT / ".build/debug/exhaust"))
# Variables that begin like a setting and are none.
OTHER_VARIABLES = {
    "EXHAUST_CONFIG", "EXHAUST_REQUIRE_SERVICES", "EXHAUST_SERVERS", "EXHAUST_SERVERS_CACHE", "EXHAUST_BINARY",
}
NOT_INSTALLED = 3


class Report:
    """Collects what is wrong, and ends the program with it."""

    def __init__(self, name):
        self.name = name
        self.faults = []
        self.notes = []
        self.count = 0

    def check(self, is_right, fault):
        self.count += 1
        if not is_right:
            self.faults.append(fault)
        return is_right

    def end(self):
        for fault in self.faults:
            print(f"deploy: {self.name}: {fault}", file=sys.stderr)
        if self.faults:
            sys.exit(1)
        print(f"deploy: {self.name}: {self.count} checks passed{''.join('; ' + note for note in self.notes)}")


def not_installed(what, remedy):
    print(f"deploy: needs {what}. {remedy}", file=sys.stderr)
    sys.exit(NOT_INSTALLED)


def run(*words, **options):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=300, **options)


def clean_environment(**more):
    """The environment without settings of whoever runs the checks."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EXHAUST_")}
    return kept | more


class Settings:
    """All settings, as the program itself lists them."""

    def __init__(self):
        text = run(BINARY, "help", "settings", env=clean_environment()).stdout
        self.names = {name for name, _ in re.findall(r"^  (\S+) (=|\()", text, re.M)}
        self.secrets = set(re.findall(r"^  (\S+) \(secret\)", text, re.M))
        self.aliases = {word for line in re.findall(r"^      Also: (.*)", text, re.M) for word in line.split(", ")}
        self.variables = set(re.findall(r"EXHAUST_[A-Z0-9_]+", text)) | OTHER_VARIABLES
        if len(self.names) < 20 or not self.secrets:
            sys.exit(f"deploy: `{BINARY} help settings` lists {len(self.names)} settings; it reads differently now")

    def unknown(self, names):
        return sorted(name for name in names if name not in self.names and name not in self.aliases)

    @staticmethod
    def refusal(text, environment=None):
        """Why the program refuses a settings file; None if it takes it. Nothing has to be there that it names."""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "exhaust.json5")
            file.write_text(text)
            file.chmod(0o600)
            answer = run(
                BINARY, "doctor", "--json", "--config", file, "--data", folder,
                env=clean_environment(EXHAUST_POSTGRES_RETRYSECONDS="0", **(environment or {})))
            try:
                subjects = {found["subject"] for found in json.loads(answer.stdout)["diagnoses"]}
            except (ValueError, KeyError):
                return answer.stderr.strip() or f"doctor ended with {answer.returncode} and said nothing"
            return None if "settings" in subjects else f"doctor said nothing of settings: {answer.stdout}"


def commands():
    text = run(BINARY, "--help", env=clean_environment()).stdout
    found = set(re.findall(r"^  ([a-z]+)  +[A-Z]", text.split("Commands:")[-1], re.M))
    if "work" not in found:
        sys.exit(f"deploy: `{BINARY} --help` reads differently now")
    return found


def yaml():
    try:
        import yaml
    except ImportError:
        not_installed("PyYAML", "Run scripts/python-tools, and put .venv/bin before the PATH.")
    return yaml
