"""Measurements of commands, and what is kept of several of them."""

import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile

from . import HarnessError

# Peaks of the meter's own child wander by some pages; what is measured has to stand clear of them.
FLOOR_MARGIN = 512 << 10
METER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "meter.py")


@dataclasses.dataclass(frozen=True)
class Measurement:
    """One run: seconds of wall and CPU time, bytes of peak resident memory, what it printed."""

    wall: float
    cpu: float
    peak: int
    output: str = ""

    def plus(self, other):
        """This and then the other."""
        return Measurement(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak))


@dataclasses.dataclass(frozen=True)
class Series:
    """The runs of one contestant, in the order in which they were made."""

    runs: tuple

    @property
    def best(self):
        return min(self.runs, key=lambda run: run.wall)

    @property
    def median(self):
        return statistics.median(run.wall for run in self.runs)

    @property
    def peak(self):
        return max(run.peak for run in self.runs)


def measure(command, folder=None, environment=None, memory=True):
    """Runs a command to its end. One that fails stops the harness, with the last line of its errors.

    `memory` false: its peak is not of interest and may be lost in that of the meter.
    """
    with tempfile.TemporaryDirectory(prefix="exhaust-meter-") as scratch:
        output, errors = os.path.join(scratch, "output"), os.path.join(scratch, "errors")
        done = subprocess.run(
            [sys.executable, "-I", "-S", METER, output, errors, *command],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False,
        )
        if done.returncode != 0:
            raise HarnessError(f"{command[0]}: the meter ended with {done.returncode}. See its message above.")
        result = json.loads(done.stdout)
        with open(output, encoding="utf-8", errors="replace") as file:
            text = file.read()
        if result["code"] != 0:
            with open(errors, encoding="utf-8", errors="replace") as file:
                lines = file.read().strip().splitlines() or text.strip().splitlines() or ["no message"]
            words = " ".join(command)
            raise HarnessError(f"`{words}`: ended with {result['code']}: {lines[-1]} Run it alone to see more.")
    if memory and result["peakBytes"] <= result["floorBytes"] + FLOOR_MARGIN:
        raise HarnessError(
            f"{command[0]}: needs less memory than the meter ({result['floorBytes']} bytes), so its peak is unknown."
        )
    return Measurement(result["wall"], result["cpu"], result["peakBytes"], text)


def last_json(text):
    """The JSON object in the last line of what a worker printed."""
    return json.loads(text.strip().splitlines()[-1])
