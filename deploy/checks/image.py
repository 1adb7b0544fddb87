"""The image's root file system, assembled as the Dockerfile does, works read-only and without any right."""

import importlib.util
import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sysconfig
import tempfile

from common import BINARY, DEPLOY, Report, not_installed, run

USER = 65532
# MiB. A debug build with the Swift runtime and the Python that carries the driver is far larger than what is shipped.
LARGEST = 140

if shutil.which("bwrap") is None:
    not_installed("bwrap", "Run scripts/setup (the package bubblewrap).")
if run("bwrap", "--unshare-user", "--ro-bind", "/", "/", "true").returncode != 0:
    not_installed("user namespaces", "Allow them on this machine: sysctl kernel.unprivileged_userns_clone=1.")

report = Report("image")
folder = tempfile.TemporaryDirectory()
root = pathlib.Path(folder.name, "root")
data = pathlib.Path(folder.name, "data")
data.mkdir(mode=0o700)


def cassandra_driver():
    """The driver inside the tests' Python package, with Python's library, which it needs; nothing where it is missing."""
    found = importlib.util.find_spec("acsylla")
    libraries = sorted(pathlib.Path(found.origin).parent.glob("_cython/cyacsylla*.so")) if found else []
    python = pathlib.Path(
        sysconfig.get_config_var("LIBDIR") or "", sysconfig.get_config_var("MULTIARCH") or "",
        sysconfig.get_config_var("INSTSONAME") or "none")
    if not python.is_file():
        python = python.parent.parent / python.name
    return [python, libraries[0]] if libraries and python.is_file() else []


driver = cassandra_driver()
answer = run(DEPLOY / "image/assemble", BINARY, root, *driver)
if answer.returncode != 0:
    raise SystemExit(f"deploy: image: {answer.stderr.strip()}")

files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
size = sum(path.stat().st_size for path in files) / 2**20
report.notes.append(f"{size:.1f} MiB in {len(files)} files (program {BINARY.rsplit('/', 2)[-2]})")
report.check(size < LARGEST, f"{size:.0f} MiB is more than {LARGEST}")
for path in files:
    mode = path.stat().st_mode
    name = path.relative_to(root)
    report.check(not mode & (stat.S_ISUID | stat.S_ISGID), f"{name} would run with another's rights")
    report.check(not mode & 0o022, f"{name} can be written to by others")
programs = {path.name for path in files if path.parent.name in ("bin", "sbin")}
report.check(programs == {"exhaust"}, f"programs other than ours: {sorted(programs - {'exhaust'})}")
for path in root.rglob("*"):
    if path.is_symlink():
        target = os.readlink(path)
        end = root / target.lstrip("/") if target.startswith("/") else path.parent / target
        report.check(end.exists(), f"{path.relative_to(root)} points to {target}, which is not there")
owned = {path.name for path in (root / "usr/share/doc").iterdir()}
report.check({"exhaust", "libc6"} <= owned, f"licences only of {sorted(owned)}")


def sandbox(*words, network=False, **variables):
    """The program as the image runs it: only /data and /tmp can be written to, no right, no other process."""
    settings = [word for name, value in variables.items() for word in ("--setenv", name, value)]
    return [str(word) for word in (
        "bwrap", "--unshare-all", *(["--share-net"] if network else []), "--die-with-parent", "--new-session",
        "--uid", USER, "--gid", USER, "--cap-drop", "ALL", "--clearenv", "--setenv", "EXHAUST_DATA", "/data",
        "--setenv", "EXHAUST_ACCESS_DEMO", "true", *settings,
        "--ro-bind", root, "/", "--bind", data, "/data", "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev",
        "--chdir", "/data", "/usr/bin/exhaust", *words)]


def inside(*words, network=False, **variables):
    return run(*sandbox(*words, network=network, **variables))


def expect(*words):
    answer = inside(*words)
    report.check(answer.returncode == 0, f"exhaust {' '.join(words)}: {answer.returncode}: {answer.stderr.strip()}")
    return answer.stdout


expect("version")
(data / "password").write_text("a long password\n")
expect("sample", "--learners", "50", "--uncompressed", "--out", "/data/sample")
expect("import", "/data/sample")
batch = json.loads((data / "sample/course_batch.jsonl").read_text().splitlines()[0])
identifier = json.loads(expect(
    "submit", "progress-exhaust", "--batch", batch["batchid"], "--channel", "sample", "--by", "user-1",
    "--tag", "trial", "--password-file", "/data/password", "--json"))["requestId"]
expect("work", "--once")
status = json.loads(expect("status", identifier, "--json"))
report.check(status["status"] == "SUCCESS", f"the request did not become a file: {status}")
archives = list((data / "files").rglob("*.zip"))
if report.check(len(archives) == 1, f"{len(archives)} files instead of one"):
    archive = f"/data/{archives[0].relative_to(data)}"
    expect("open", archive, "--password-file", "/data/password", "--out", "/data/opened")
    report.check(len(list((data / "opened").rglob("*_progress_*.csv"))) == 1, "the file does not hold the CSV")
report.check("good  learner data" in expect("doctor"), "doctor does not see the learner data")

# A library that is opened at run time: the Cassandra driver. Nobody listens, which it can only find out once it is open.
if driver:
    shape = {
        "EXHAUST_LEARNERS_STORE": "cassandra", "EXHAUST_CASSANDRA_CONTACTPOINTS": "127.0.0.1",
        "EXHAUST_CASSANDRA_PORT": "1", "EXHAUST_CASSANDRA_DRIVER": ":".join(path.name for path in driver)}
    found = inside("doctor", **shape)
    report.check(
        found.returncode == 1 and "cannot be opened" not in found.stdout, f"the driver in the image: {found.stdout}")
    shape["EXHAUST_CASSANDRA_DRIVER"] = "nowhere.so"
    report.check("cannot be opened" in inside("doctor", **shape).stdout, "a driver that is missing is not noticed")
else:
    report.notes.append("without a Cassandra driver (the Python package acsylla)")

# The API, and its health check as the Dockerfile has it.
server = subprocess.Popen(
    sandbox("serve", "--listen", "127.0.0.1:0", network=True), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
started = next((json.loads(line) for line in server.stderr if '"server-started"' in line), None)
if report.check(started is not None, "the API does not start"):
    address = started["address"].rstrip("/")
    answer = inside("health", "--ready", "--address", address, network=True)
    report.check(answer.returncode == 0, f"health: {answer.stdout}{answer.stderr}")
server.terminate()
report.check(server.wait(timeout=60) in (0, -signal.SIGTERM, 128 + signal.SIGTERM), f"the API ended with {server.returncode}")
if started:
    report.check(inside("health", "--address", address, network=True).returncode == 1, "a server that is gone is well")

# What has to be refused.
answer = inside("sample", "--learners", "1", "--out", "/usr/share/sample")
report.check(answer.returncode != 0 and not (root / "usr/share/sample").exists(), "the root file system is writable")
broken = root / "usr/lib" / next(path.parent.name for path in files if path.name.startswith("libcrypto"))
next(broken.glob("libcrypto*")).unlink()
report.check(inside("version").returncode != 0, "a library that is missing is not noticed")
folder.cleanup()
report.end()
