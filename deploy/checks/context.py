"""What .dockerignore leaves to the Dockerfile is enough to build from: SwiftPM finds every target there."""

import json
import pathlib
import re
import shutil
import tempfile

from common import DEPLOY, PROJECT, Report, not_installed, run

for tool in ("git", "swift"):
    if shutil.which(tool) is None:
        not_installed(tool, "Run scripts/setup, and install Swift.")
report = Report("context")


def pattern(text):
    """A pattern of .dockerignore as a regular expression: `*` stays in one folder, `**` does not; what it names goes whole."""
    parts = [".*" if part == "**" else re.escape(part).replace(r"\*", "[^/]*") for part in text.split("/")]
    return re.compile("/".join(parts).replace(".*/", "(.*/)?") + "(/.*)?")


def kept(files, ignore):
    """The files that the context has: the last line that matches decides."""
    rules = [
        (not line.startswith("!"), pattern(line.lstrip("!").strip("/"))) for line in ignore.splitlines()
        if line.strip() and not line.startswith("#")]
    for file in files:
        leaves = [leaves for leaves, rule in rules if rule.fullmatch(file)]
        if not leaves or not leaves[-1]:
            yield file


def builds(files):
    """What SwiftPM says against a folder with these files alone; None if it finds everything."""
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            target = pathlib.Path(folder, file)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / file, target)
        answer = run("swift", "package", "--package-path", folder, "describe", "--type", "json")
        if answer.returncode != 0:
            return answer.stderr.strip()
        # SwiftPM takes a target whose folder holds no source for one without work to do; a system library has none.
        empty = [
            found["name"] for found in json.loads(answer.stdout)["targets"]
            if not found["sources"] and found["type"] != "system-target"]
        return f"targets without source: {empty}" if empty else None


answer = run("git", "-C", PROJECT, "ls-files", "--cached", "--others", "--exclude-standard")
files = [file for file in answer.stdout.splitlines() if (PROJECT / file).is_file()]
ignore = (PROJECT / ".dockerignore").read_text()
context = set(kept(files, ignore))
# A matcher that is wrong would keep everything or nothing.
report.check("Package.swift" in context and "deploy/image/assemble" in context, "the context lacks what it names")
report.check(not context & {"README.md", "deploy/docker-compose.yml"}, "the context holds more than the image is built from")
report.check(
    list(kept(["Sources/a/.build/b", ".build/x", "Tests/T/Golden/g.csv", "deploy/compose/secrets/s"], ignore)) == [],
    "builds, secrets or expected files get into the context")
refusal = builds(context)
report.check(refusal is None, f"SwiftPM cannot read what .dockerignore leaves: {refusal}")
report.check(
    builds({file for file in context if not file.startswith("Benchmarks/")}) is not None, "a missing target is not noticed")

# What the Dockerfile copies and runs of the source.
dockerfile = (DEPLOY / "Dockerfile").read_text()
for path in re.findall(r"^COPY (?!--)(\S+) ", dockerfile, re.M) + re.findall(r"\b((?:scripts|deploy)/[a-z/]+)", dockerfile):
    if path not in (".", "deploy/image/packages/", "deploy/"):
        report.check(path in context or path == "deploy/image/packages", f"Dockerfile: {path} is not in the context")
report.end()
