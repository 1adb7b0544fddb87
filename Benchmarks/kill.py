#!/usr/bin/env python3
"""Kills a worker with -9 at random moments of a large report while a second worker runs.

See README.md beside this file. Each time, the report must complete, its CSV must equal the undisturbed one, and there
must be one published file. Prints a table as Markdown; ends with 1 if anything is not as it must be.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time

from harness import HarnessError, contest, figures, machine, options
from harness.environment import interpreter
from harness.options import say
from harness.product import binary
from harness.workplace import Workplace

# Seconds between two looks at a request; so exact are the times.
POLL = 0.1
# design.md 11: recovery after kill -9.
BAR_RECOVERY = 30.0
# Seconds over the bar and the whole report after which a report counts as stuck.
PATIENCE = 120.0
# Seconds a worker may take to stop when asked.
STOP_LIMIT = 30.0
# A moment that comes too late, because the report was faster than before, is drawn again so many times.
ATTEMPTS = 5


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    options.add_common(parser)
    parser.add_argument("--kill", metavar="N", type=options.count, default=10, help="moments; default 10")
    parser.add_argument("--moments-seed", metavar="S", type=int, help="to repeat the moments of an earlier call")
    return parser.parse_args()


class Workers:
    """The workers of one round; whatever happens, none outlives it."""

    def __init__(self, place):
        self.place, self.processes = place, []

    def __enter__(self):
        return self

    def start(self):
        process = self.place.product.start_worker(self.place.path(f"worker-{len(self.processes) + 1}.log"))
        self.processes.append(process)
        return process

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                say(f"a worker did not stop within {STOP_LIMIT:.0f} s of SIGTERM and was killed")


def wait(product, request, states, limit):
    """(status, moment) once the request is in one of the states."""
    deadline = time.monotonic() + limit
    while True:
        status, now = product.status(request), time.monotonic()
        if status["status"] in states:
            return status, now
        if now > deadline:
            raise HarnessError(
                f"request {request}: {status['status']} after {limit:.0f} s. {status.get('error') or ''}"
                " See worker-1.log and worker-2.log in the work folder."
            )
        time.sleep(POLL)


def files_of(place, request):
    """(published, left under a staging name) files of a request."""
    root, published, staged = place.path("data", "files"), 0, 0
    for folder, _, names in os.walk(root):
        within = os.path.relpath(folder, root).split(os.sep)
        if ".staging" in within:
            staged += len(names)
        elif request in within:
            published += len(names)
    return published, staged


def undisturbed(place, python):
    """(seconds from lease to file, facts of the CSV) of a report that nobody disturbs."""
    with Workers(place) as workers:
        workers.start()
        request = place.product.submit(place.course, "kill-undisturbed")
        _, begun = wait(place.product, request, ("PROCESSING", "SUCCESS", "FAILED"), PATIENCE)
        status, ended = wait(place.product, request, ("SUCCESS", "FAILED"), 3600)
    facts = contest.extracted(place, python, place.product.published(status), place.path("undisturbed.csv"))
    return ended - begun, facts


def killed(place, tag, moment, seconds):
    """Kills the worker that holds the request `moment` seconds after it began.

    (request, status, moment really hit, seconds from kill to the file); None where the report was done before.
    """
    product = place.product
    with Workers(place) as workers:
        holder = workers.start()
        request = product.submit(place.course, tag)
        _, begun = wait(product, request, ("PROCESSING", "SUCCESS", "FAILED"), PATIENCE)
        # Started only now, so that the first one is sure to hold the request.
        workers.start()
        time.sleep(max(0, begun + moment - time.monotonic()))
        if product.status(request)["status"] != "PROCESSING":
            return None
        holder.kill()
        at = time.monotonic()
        holder.wait()
        status, ended = wait(product, request, ("SUCCESS", "FAILED"), BAR_RECOVERY + seconds + PATIENCE)
        return request, status, at - begun, ended - at


def one_round(place, python, number, seconds, facts, chance):
    """(row of the table, whether everything is as it must be)."""
    for attempt in range(ATTEMPTS):
        moment = chance.uniform(0.05, 0.95) * seconds
        say(f"round {number}: kill after {moment:.2f} s")
        result = killed(place, f"kill-{number}-{attempt}", moment, seconds)
        if result is not None:
            break
        say(f"round {number}: the report was done by then; another moment")
    else:
        raise HarnessError(f"round {number}: {ATTEMPTS} moments came too late. Use more learners.")
    request, status, hit, recovered = result
    published, staged = files_of(place, request)
    is_equal = False
    if status["status"] == "SUCCESS":
        file = place.product.published(status)
        csv = contest.extracted(place, python, file, place.path("killed.csv"))
        is_equal = (csv["sha256"], csv["bytes"]) == (facts["sha256"], facts["bytes"])
    extra = recovered - max(0, seconds - hit)
    is_good = status["status"] == "SUCCESS" and is_equal and published == 1 and extra <= BAR_RECOVERY
    row = [
        number, f"{hit:.2f}", f"{100 * hit / seconds:.0f}%", status["status"], f"{recovered:.2f}", f"{extra:.2f}",
        "equal" if is_equal else "**differs**", published, staged, figures.verdict(is_good),
    ]
    return row, is_good


def measured(given):
    exhaust, python = binary(given.exhaust), interpreter(say)
    name = "given" if given.data_from else f"sample-{given.learners}-{given.seed}"
    place = Workplace(os.path.join(given.work, name), exhaust, given.data_from)
    if given.reuse:
        place.needs(["data"])
    else:
        place.prepare_data(given.learners, given.seed, say)
    place.describe(given.batch, given.channel)
    if not given.reuse:
        place.import_data(say)
    seed = given.moments_seed if given.moments_seed is not None else random.SystemRandom().randrange(1 << 31)
    say(f"moments from seed {seed}")
    seconds, facts = undisturbed(place, python)
    chance = random.Random(seed)
    rounds = [one_round(place, python, number, seconds, facts, chance) for number in range(1, given.kill + 1)]
    about = machine.described(exhaust, []) + [
        ("Undisturbed", f"{seconds:.2f} s from lease to file, {facts['bytes']:,} bytes of CSV"),
        ("Moments", f"seed {seed}"),
    ]
    heads = ["", "killed after, s", "of the run", "state", "kill to file, s", "beyond the remaining work, s", "CSV",
             "published", "staged left", f"bar: all well, at most {BAR_RECOVERY:.0f} s beyond"]
    print(figures.table(["", ""], about) + "\n\n" + figures.table(heads, [row for row, _ in rounds]))
    return all(is_good for _, is_good in rounds)


def main():
    try:
        return 0 if measured(arguments()) else 1
    except HarnessError as error:
        print(f"kill: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
