"""Writes to a job store as another program would.

usage: jobs.py strand FILE REQUEST_ID    the request looks as if upstream's job had taken it: PROCESSING, no run of ours
       jobs.py rename FILE REQUEST_ID JOB_ID    the request is for another report
       jobs.py version FILE NUMBER       the store says that it has this schema version
       jobs.py sealed FILE REQUEST_ID    tells whether a sealed password is kept: sealed or none
"""

import sqlite3
import sys

command, file, value, *more = sys.argv[1:]
with sqlite3.connect(file, timeout=30) as store:
    if command == "strand":
        rows = store.execute("UPDATE job_request SET status = 'PROCESSING' WHERE request_id = ?", (value,)).rowcount
        store.execute("DELETE FROM job_run WHERE request_id = ?", (value,))
        if rows != 1:
            sys.exit(f"request {value}: {rows} rows")
    elif command == "rename":
        row = (more[0], value)
        if store.execute("UPDATE job_request SET job_id = ? WHERE request_id = ?", row).rowcount != 1:
            sys.exit(f"request {value}: not one row")
    elif command == "version":
        store.execute(f"PRAGMA user_version = {int(value)}")
    elif command == "sealed":
        row = store.execute("SELECT sealed_password, sealed_run_key FROM job_run WHERE request_id = ?", (value,)).fetchone()
        print("none" if row == (None, None) else "sealed")
    else:
        sys.exit(__doc__)
