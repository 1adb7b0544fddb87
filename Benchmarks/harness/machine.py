"""What the figures were measured on."""

import os
import platform
import re
import subprocess


def _first(path, pattern):
    with open(path, encoding="utf-8") as file:
        match = re.search(pattern, file.read(), re.MULTILINE)
    return match.group(1) if match else "unknown"


def _version(command):
    """The first line that a program says about itself; some say it on standard error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0] if lines else "unknown"


def described(exhaust, programs):
    """(label, value) pairs; `programs` are versions that the contestants told."""
    model = _first("/proc/cpuinfo", r"^model name\s*:\s*(.+)$")
    system = _first("/etc/os-release", r'^PRETTY_NAME="?([^"\n]+)')
    memory = int(_first("/proc/meminfo", r"^MemTotal:\s+(\d+)")) / (1 << 20)
    zip_version = subprocess.run(["zip", "-v"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"This is Zip ([\d.]+)", zip_version)
    return [
        ("CPU", f"{model}, {len(os.sched_getaffinity(0))} cores"),
        ("Memory", f"{memory:.1f} GiB"),
        ("Kernel", platform.release()),
        ("System", system),
        ("Load at the start", " ".join(f"{value:.2f}" for value in os.getloadavg())),
        *([("Exhaust", _version([exhaust, "version"]).removeprefix("exhaust "))] if exhaust else []),
        *programs,
        ("zip", found.group(1) if found else "unknown"),
        ("Python", platform.python_version()),
    ]
