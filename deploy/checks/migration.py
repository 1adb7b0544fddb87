"""MIGRATION.md, gone through against a real PostgreSQL: its SQL as printed, its steps, and the way back."""

import json
import pathlib
import re
import shutil
import tempfile

from common import BINARY, DEPLOY, NOT_INSTALLED, PROJECT, Report, clean_environment, not_installed, run

if shutil.which("psql") is None:
    not_installed("psql", "Run scripts/setup.")
report = Report("migration")
page = (DEPLOY / "MIGRATION.md").read_text()
blocks = re.findall(r"^```sql\n(.*?)^```", page, re.M | re.S)
if len(blocks) != 6:
    raise SystemExit(f"deploy: migration: MIGRATION.md has {len(blocks)} blocks of SQL; this check knows 6")
LOOK, GIVE_UP, ROLE, TRIAL, WAY_BACK, REMOVE = blocks

holder = tempfile.TemporaryDirectory()
folder = pathlib.Path(holder.name)
folder.chmod(0o711)
server = folder / "pg"
answer = run(PROJECT / "scripts/services.d/postgres", "up", server)
if answer.returncode == NOT_INSTALLED:
    not_installed("PostgreSQL's server", "Run scripts/setup.")
if answer.returncode != 0:
    raise SystemExit(f"deploy: migration: {answer.stderr.strip()}")
address = dict(part.split("=") for part in answer.stdout.strip().split("=", 1)[1].split())

COLUMNS = """tag VARCHAR(100), request_id VARCHAR(50), job_id VARCHAR(50), status VARCHAR(50), request_data json,
    requested_by VARCHAR(50), requested_channel VARCHAR(50), dt_job_submitted TIMESTAMP, download_urls text[],
    dt_file_created TIMESTAMP, dt_job_completed TIMESTAMP, execution_time INTEGER, err_message VARCHAR(300),
    iteration INTEGER, encryption_key VARCHAR(500), batch_number INTEGER, processed_batches text"""
ROWS = [
    # id, report, status, age, iteration, key, batch
    ("fresh", "progress-exhaust", "SUBMITTED", "1 day", 0, "a long password", "sample-batch-1"),
    ("dead", "progress-exhaust", "PROCESSING", "2 days", 0, "a long password", "sample-batch-2"),
    ("failed", "progress-exhaust", "FAILED", "2 days", 1, "a long password", "sample-batch-2"),
    ("druid", "druid-dataset", "SUBMITTED", "2 days", 0, None, "none"),
    ("old", "userinfo-exhaust", "SUBMITTED", "30 days", 3, "a long password", "sample-batch-1"),
    ("other", "response-exhaust", "SUBMITTED", "1 hour", None, "a long password", "sample-batch-1"),
]


def sql(text, database="analytics"):
    """Runs SQL; answers with its rows, unaligned."""
    answer = run(
        "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--host",
        address["host"], "--port", address["port"], "--username", address["user"], "--dbname", database,
        input=text, env=clean_environment())
    report.check(answer.returncode == 0, f"{text.strip()[:80]}…: {answer.stderr.strip()}")
    return answer.stdout.strip()


def insert(identifier, job, status, age, iteration, key, batch):
    def quoted(value):
        return "NULL" if value is None else f"'{value}'"

    sql(f"""INSERT INTO dev_job_request (tag, request_id, job_id, status, request_data, requested_by, requested_channel,
        dt_job_submitted, iteration, encryption_key, batch_number, processed_batches) VALUES ('tag-{identifier}:sample-org-1',
        '{identifier}', '{job}', '{status}', '{{"batchId":"{batch}"}}', 'admin-{identifier}', 'sample-org-1',
        localtimestamp - interval '{age}', {quoted(iteration)}, {quoted(key)}, 1, '[]')""")


SETTINGS = {
    "EXHAUST_DATA": str(folder / "data"), "EXHAUST_JOBS_STORE": "postgres", "EXHAUST_POSTGRES_HOST": address["host"],
    "EXHAUST_POSTGRES_PORT": address["port"], "EXHAUST_POSTGRES_USER": address["user"],
    "EXHAUST_POSTGRES_DB": "analytics", "EXHAUST_POSTGRES_TABLE_JOB_REQUEST": "dev_job_request",
    "EXHAUST_JOBS_MOVEKEYS": "false", "EXHAUST_LAYOUT_PROGRESS_EXHAUST": "sunbird",
}


def exhaust(*words, **more):
    answer = run(BINARY, *words, env=clean_environment(**SETTINGS | more))
    report.check(answer.returncode == 0, f"exhaust {' '.join(words)}: {answer.stderr.strip()[-400:]}")
    return answer.stdout


def status(identifier):
    return sql(f"SELECT status FROM dev_job_request WHERE request_id = '{identifier}'")


def cell(identifier, column):
    return sql(f"SELECT {column} FROM dev_job_request WHERE request_id = '{identifier}'")


try:
    sql("CREATE DATABASE analytics", "postgres")
    sql(f"CREATE TABLE dev_job_request ({COLUMNS}, PRIMARY KEY (tag, request_id))")
    for row in ROWS:
        insert(*row)
    columns = sql("SELECT string_agg(attname || atttypid, ',' ORDER BY attnum) FROM pg_attribute "
                  "WHERE attrelid = 'dev_job_request'::regclass AND attnum > 0")

    # 1: look, and end what nobody waits for.
    report.check("old" in sql(LOOK) and "other" in sql(LOOK), "the look does not show requests that are stuck")
    sql(GIVE_UP)
    report.check(status("old") == "FAILED" and status("fresh") == "SUBMITTED", "giving up took the wrong rows")

    # 2: our tables; no column of theirs changes.
    exhaust("sample", "--learners", "60", "--uncompressed", "--out", str(folder / "sample"))
    exhaust("import", str(folder / "sample"))
    sql(ROLE)
    SETTINGS["EXHAUST_POSTGRES_USER"] = "exhaust_app"
    exhaust("migrate")
    sql(exhaust("migrate", "--sql"))
    report.check(exhaust("migrate", "--sql") == "", "the owner's statements do not make what is missing")
    after = sql("SELECT string_agg(attname || atttypid, ',' ORDER BY attnum) FROM pg_attribute "
                "WHERE attrelid = 'dev_job_request'::regclass AND attnum > 0")
    report.check(columns == after, "migrate changed columns of job_request")

    # 4: one report on trial; everybody else's rows stay.
    exhaust("work", "--once", "--report", "progress-exhaust")
    report.check(status("fresh") == "SUCCESS", "the request on trial is not done")
    report.check(cell("fresh", "encryption_key") != "", "the key was taken although it is to stay")
    report.check(cell("fresh", "download_urls").endswith(".zip}"), "no relative path to a zip")
    report.check(
        [status(row) for row in ("dead", "failed", "druid", "other")]
        == ["PROCESSING", "FAILED", "SUBMITTED", "SUBMITTED"], "rows of others were touched")
    report.check("stranded" in run(BINARY, "doctor", env=clean_environment(**SETTINGS)).stdout, "nothing is stranded")
    exhaust("adopt", "--report", "progress-exhaust")
    exhaust("work", "--once", "--report", "progress-exhaust")
    report.check(status("dead") == "SUCCESS" and status("druid") == "SUBMITTED", "adopt took too little or too much")
    report.check("SUCCESS" in sql(TRIAL), "the trial's look shows no success")

    # 3: the same report beside it, compared.
    (folder / "password").write_text("a long password\n")
    (folder / "password").chmod(0o600)
    path = cell("fresh", "download_urls").strip("{}")
    exhaust(
        "open", str(folder / "data/files" / path), "--password-file", str(folder / "password"), "--out",
        str(folder / "opened"))
    exhaust(
        "run", "progress-exhaust", "--batch", "sample-batch-1", "--channel", "sample-org-1", "--layout", "sunbird",
        "--csv", str(folder / "ours.csv"))
    made = next((folder / "opened").rglob("*.csv"))
    answer = run("python3", DEPLOY / "compare.py", made, folder / "ours.csv")
    report.check(answer.returncode == 0 and "equal" in answer.stdout, f"compare.py: {answer.stdout}{answer.stderr}")
    made.write_text(made.read_text().replace("Issued", "Failed", 1) + "x\n")
    report.check(run("python3", DEPLOY / "compare.py", made, folder / "ours.csv").returncode != 0, "nothing differs")

    # 5: all reports. 7: keys are moved from now on.
    exhaust("work", "--once")
    report.check(status("other") == "SUCCESS" and status("druid") == "SUBMITTED", "all reports: wrong rows")
    insert("moved", "progress-exhaust", "SUBMITTED", "1 minute", 0, "a long password", "sample-batch-1")
    exhaust("work", "--once", EXHAUST_JOBS_MOVEKEYS="true")
    report.check(status("moved") == "SUCCESS" and cell("moved", "encryption_key") == "", "the key was left")

    # The way back: what old jobs would leave open has to be asked for again, the rest is theirs.
    insert("theirs", "progress-exhaust", "SUBMITTED", "1 minute", 0, "a long password", "sample-batch-1")
    answer = json.loads(exhaust(
        "submit", "progress-exhaust", "--batch", "sample-batch-1", "--channel", "sample-org-1", "--by", "admin-9", "--tag",
        "ours", "--password-file", str(folder / "password"), "--json"))
    report.check(cell(answer["requestId"], "encryption_key") == "", "a key of ours is in the open")
    report.check(sql(WAY_BACK) == "0", "something is under way")
    report.check(status("theirs") == "SUBMITTED", "the way back ended what the old jobs can do")
    report.check(
        (status(answer["requestId"]), cell(answer["requestId"], "iteration")) == ("FAILED", "3"),
        "the old jobs would make an open file")
    count = sql("SELECT count(*) FROM dev_job_request")
    sql(REMOVE)
    left = sql("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE "
               "'dev_job_request%' UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal "
               "UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
               "UNION SELECT relname FROM pg_class WHERE relname LIKE '%exhaust%'")
    report.check(left == "", f"traces are left: {left}")
    report.check(count == sql("SELECT count(*) FROM dev_job_request"), "rows went with our tables")
    exhaust("migrate")
finally:
    run(PROJECT / "scripts/services.d/postgres", "down", server)
    holder.cleanup()
report.end()
