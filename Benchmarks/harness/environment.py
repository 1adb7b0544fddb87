"""The Python that has the packages of `requirements.txt`, and the programs that must be there."""

import os
import shutil
import subprocess
import sys

from . import HarnessError

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REQUIREMENTS = os.path.join(ROOT, "requirements.txt")
VIRTUAL = os.path.join(ROOT, ".venv")
# Prints the names of requirements that are not there in just the version that is asked for.
_CHECK = """
import importlib.metadata, sys
for line in open(sys.argv[1]):
    name, _, version = line.split("#")[0].strip().partition("==")
    if name:
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found = None
        if found != version:
            print(name)
"""


def _missing(python):
    done = subprocess.run([python, "-c", _CHECK, REQUIREMENTS], capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else ["python"]


def interpreter(say=print):
    """A Python with the packages in just these versions: this one, or one in `.venv`, which is made if need be."""
    if not _missing(sys.executable):
        return sys.executable
    python = os.path.join(VIRTUAL, "bin", "python")
    if os.path.exists(python) and not _missing(python):
        return python
    say(f"installing {', '.join(_missing(sys.executable))} into {os.path.relpath(VIRTUAL)}")
    for command in ([sys.executable, "-m", "venv", VIRTUAL], [python, "-m", "pip", "install", "-qr", REQUIREMENTS]):
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise HarnessError(
                f"`{' '.join(command)}`: ended with {done.returncode}. On Debian, install python3-venv;"
                " without a network, install the packages of requirements.txt beforehand."
            )
    return python


def require_programs(names):
    """Each of these has to be on the path."""
    packages = {"zip": "zip", "java": "openjdk-17-jre-headless"}
    for name in names:
        if shutil.which(name) is None:
            raise HarnessError(f"{name}: not found. Install it (Debian: apt-get install {packages[name]}).")


def worker(python, name, *arguments):
    """The command that runs a module of this package; it has to be started in `ROOT`."""
    return [python, "-m", f"harness.{name}", *map(str, arguments)]
