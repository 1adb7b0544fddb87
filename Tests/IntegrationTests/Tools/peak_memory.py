"""Runs a program and prints its highest resident memory in KiB; what the program prints is dropped.

usage: peak_memory.py PROGRAM ARGUMENT...
A small process has to start the program: the kernel counts the memory of the one that forks as the first of its child.
"""

import resource
import subprocess
import sys

done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=False)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
