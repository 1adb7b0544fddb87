"""A PostgreSQL of a benchmark's own, durable as shipped, and pgbench with the statements of the job store."""

import os
import pathlib
import shutil
import subprocess

import job_statements

PROJECT = pathlib.Path(__file__).resolve().parent.parent
SERVICE = PROJECT / "scripts/services.d/postgres"
BENCH = PROJECT / ".build/release/JobQueueBench"


def run(*words: object) -> str:
    return subprocess.run([str(word) for word in words], check=True, text=True, stdout=subprocess.PIPE).stdout


def build() -> None:
    subprocess.run(["swift", "build", "-c", "release", "--product", "JobQueueBench"], check=True, cwd=PROJECT,
                   stdout=subprocess.DEVNULL)


def pgbench() -> str:
    """Debian puts it on the path only with its wrapper, which wants a cluster of Debian's."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    return str(found[-1]) if found else shutil.which("pgbench") or "pgbench"


class Server:
    def __init__(self, folder: str) -> None:
        self.folder = os.path.join(folder, "postgres")
        os.chmod(folder, 0o711)
        answer = run(SERVICE, "up", self.folder)
        self.address = answer.strip().split("=", 1)[1]
        self.script: pathlib.Path | None = None

    def sql(self, statement: str) -> None:
        self.ask(statement)

    def ask(self, statement: str) -> str:
        return run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, self.address).strip()

    def fill(self, requests: int) -> None:
        """Job tables with so many requests that wait, and nothing else."""
        self.sql("SET client_min_messages = warning; DROP SCHEMA IF EXISTS bench CASCADE")
        self.sql("CREATE SCHEMA bench")
        run(BENCH, "work", self.address, "bench", 1)
        self.sql(
            "ALTER TABLE bench.job_request DISABLE TRIGGER USER;"
            "INSERT INTO bench.job_request (tag, request_id, job_id, status, request_data, requested_by, requested_channel,"
            " dt_job_submitted) SELECT 't:org', 'R' || n, 'progress-exhaust', 'SUBMITTED', json_build_object('batchId', 'b' || n),"
            f" 'user', 'org', timestamp '2024-01-31' + n * interval '1 ms' FROM generate_series(1, {requests}) n;"
            "ALTER TABLE bench.job_request ENABLE TRIGGER USER")
        self.sql("VACUUM ANALYZE bench.job_request")

    def record(self) -> pathlib.Path:
        """The statements of one lease and one success, as the store sends them today."""
        if self.script is None:
            self.fill(2)
            log = pathlib.Path(self.folder, "log")
            seen = log.stat().st_size
            run(BENCH, "work", self.address + " options='-c log_statement=all -c log_parameter_max_length=-1'", "bench", 1)
            self.script = pathlib.Path(self.folder).parent / "statements.sql"
            self.script.write_text(job_statements.script(log.read_bytes()[seen:].decode()))
        return self.script

    def pgbench(self, requests: int, clients: int) -> float:
        """Leases and ends a second; fills the table first."""
        script = self.record()
        # Without the compiler for long queries, as the store's own sessions are. Some more requests, since the last ones would find all rows locked.
        self.fill(requests + 1_000)
        report = run(
            pgbench(), "-n", "-M", "prepared", "-f", script, "-c", clients, "-j", 2, "-t",
            requests // clients, self.address + " options='-c jit=off'")
        return float(next(line for line in report.splitlines() if line.startswith("tps")).split()[2])

    def stop(self) -> None:
        run(SERVICE, "down", self.folder)
