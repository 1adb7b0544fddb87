"""Runs one command and prints its wall time, CPU time and peak memory as JSON.

    python -I -S meter.py OUTPUT ERRORS COMMAND ARGUMENT…

A process of its own and nearly without modules: Linux counts the memory of the forking process as the first peak of the
child, so whoever forks has to be smaller than what is measured. `floorBytes` is that first peak.
"""

import os
import sys
import time


def command(output, errors, words):
    """In the child: replaces it, with its streams in files."""
    try:
        for path, stream in ((output, 1), (errors, 2)):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(descriptor, stream)
            os.close(descriptor)
        os.execvp(words[0], words)
    except OSError as error:
        os.write(2, f"{words[0]}: {error.strerror}\n".encode())
    os._exit(127)


def measured(output, errors, words):
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        command(output, errors, words)
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - start
    return wall, os.waitstatus_to_exitcode(status), usage


def main():
    output, errors, words = sys.argv[1], sys.argv[2], sys.argv[3:]
    floor = measured(os.devnull, os.devnull, ["true"])[2].ru_maxrss * 1024
    wall, code, usage = measured(output, errors, words)
    print(
        '{"wall": %.6f, "cpu": %.6f, "peakBytes": %d, "floorBytes": %d, "code": %d}'
        % (wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, floor, code)
    )


if __name__ == "__main__":
    main()
