"""MIGRATION.md, gone through against a real PostgreSQL: its SQL as printed, its steps, and the way back."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

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
started = []


def service(name, remedy):
    """Starts a real server; answers with what it says where it is."""
    answer = run(PROJECT / f"scripts/services.d/{name}", "up", folder / name)
    if answer.returncode != 0:
        stop_services()
        if answer.returncode == NOT_INSTALLED:
            not_installed(f"the server of {name}", remedy)
        raise SystemExit(f"deploy: migration: {answer.stderr.strip()}")
    started.append(name)
    return answer.stdout.strip().split("=", 1)[1]


def stop_services():
    for name in started:
        run(PROJECT / f"scripts/services.d/{name}", "down", folder / name)


address = dict(part.split("=") for part in service("postgres", "Run scripts/setup.").split())
bucket = service("rclone", "Run scripts/python-tools.")
redis_host, redis_port = service("redis", "Run scripts/setup.").split(":")
objects = folder / "rclone/data/reports"
objects.mkdir()

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
    ("address", "progress-exhaust", "SUCCESS", "400 days", 0, None, "sample-batch-1"),
    ("relative", "userinfo-exhaust", "SUCCESS", "300 days", 0, None, "sample-batch-1"),
    ("program", "program-user-exhaust", "SUCCESS", "300 days", 0, None, "none"),
]
# Links of the old jobs as they stand in the table: whole addresses of the first generation, and paths.
LINKS = {
    "address": "https://account.blob.core.windows.net/reports/progress-exhaust/address/sample-batch-1_progress_20250101.zip",
    "relative": "userinfo-exhaust/relative/sample-batch-1_userinfo_20250401.zip",
    "program": "program-user-exhaust/program/none.zip",
}


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
    if identifier in LINKS:
        sql(f"""UPDATE dev_job_request SET download_urls = '{{{LINKS[identifier]}}}', dt_job_completed = dt_job_submitted,
            dt_file_created = dt_job_submitted WHERE request_id = '{identifier}'""")


SETTINGS = {
    "EXHAUST_DATA": str(folder / "data"), "EXHAUST_JOBS_STORE": "postgres", "EXHAUST_POSTGRES_HOST": address["host"],
    "EXHAUST_POSTGRES_PORT": address["port"], "EXHAUST_POSTGRES_USER": address["user"],
    "EXHAUST_POSTGRES_DB": "analytics", "EXHAUST_POSTGRES_TABLE_JOB_REQUEST": "dev_job_request",
    "EXHAUST_JOBS_MOVEKEYS": "false", "EXHAUST_LAYOUT_PROGRESS_EXHAUST": "sunbird",
    "EXHAUST_FILES_STORE": "s3", "EXHAUST_PARTS_STORE": "s3", "EXHAUST_FILES_S3_BUCKET": "reports",
    "EXHAUST_FILES_S3_ENDPOINT": bucket, "EXHAUST_FILES_S3_KEYID": "exhaust-test",
    "EXHAUST_FILES_S3_SECRET": "exhaust-secret",
    "EXHAUST_PROFILES_SOURCE": "redis", "EXHAUST_PROFILES_REDIS_HOST": redis_host,
    "EXHAUST_PROFILES_REDIS_PORT": redis_port,
}


def exhaust(*words, **more):
    answer = run(BINARY, *words, env=clean_environment(**SETTINGS | more))
    report.check(answer.returncode == 0, f"exhaust {' '.join(words)}: {answer.stderr.strip()[-400:]}")
    return answer.stdout


def doctor(expected, what):
    """What the doctor says; its exit status is the one that is expected."""
    answer = run(BINARY, "doctor", env=clean_environment(**SETTINGS))
    report.check(answer.returncode == expected, f"{what}: doctor ends with {answer.returncode}: {answer.stdout}")
    return answer.stdout


def links_stay(what):
    for identifier, link in LINKS.items():
        report.check(cell(identifier, "download_urls") == f"{{{link}}}", f"{what}: the old link of {identifier} is gone")
        if "://" not in link:
            report.check((objects / link).is_file(), f"{what}: the old file of {identifier} is gone")


def submit_over_http():
    """Submissions through the API as in step 6, by a user's token and by a program; answers with the envelopes."""
    keys = folder / "keys"
    environment = clean_environment(**SETTINGS | {
        "EXHAUST_ACCESS_TOKEN_KEYS": str(keys / "jwks.json"), "EXHAUST_ACCESS_TOKEN_ISSUERS": "exhaust-development",
        "EXHAUST_ACCESS_CONSUMERS": "true"})
    token = run(
        BINARY, "token", "--keys", keys, "--user", "admin-7", "--organisation", "sample-org-1", "--role", "ORG_ADMIN",
        env=clean_environment()).stdout.strip()
    server = subprocess.Popen(
        [BINARY, "serve", "--listen", "127.0.0.1:0"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True)
    try:
        line = next((json.loads(line) for line in server.stderr if '"server-started"' in line), None)
        if not report.check(line is not None, "the API does not start"):
            return []
        answers = []
        # Not of one batch: equal requests would share a file.
        for caller, batch in (
            ({"x-authenticated-user-token": token}, "sample-batch-1"), ({"X-Consumer-ID": "program-1"}, "sample-batch-2"),
        ):
            wish = {"request": {
                "dataset": "progress-exhaust", "tag": f"api-{len(answers)}", "requestedBy": "admin-7",
                "encryptionKey": "a long password", "datasetConfig": {"batchId": batch}}}
            request = urllib.request.Request(
                line["address"] + "dataset/v1/request/submit", json.dumps(wish).encode(),
                {"Content-Type": "application/json", "X-Channel-ID": "sample-org-1"} | caller)
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    answers.append(json.load(answer))
            except urllib.error.HTTPError as error:
                answers.append(json.load(error))
        return answers
    finally:
        server.terminate()
        server.wait(timeout=60)


def status(identifier):
    return sql(f"SELECT status FROM dev_job_request WHERE request_id = '{identifier}'")


def cell(identifier, column):
    return sql(f"SELECT {column} FROM dev_job_request WHERE request_id = '{identifier}'")


try:
    sql("CREATE DATABASE analytics", "postgres")
    sql(f"CREATE TABLE dev_job_request ({COLUMNS}, PRIMARY KEY (tag, request_id))")
    for row in ROWS:
        insert(*row)
    # As the installer makes it.
    sql("""CREATE TABLE dev_dataset_metadata (dataset_id SERIAL PRIMARY KEY, dataset_name VARCHAR(255) NOT NULL,
        dataset_sub_id VARCHAR(150), dataset_config json, visibility VARCHAR(50), dataset_type VARCHAR(50),
        version VARCHAR(10), authorized_roles text[], available_from TIMESTAMP, sample_request text, sample_response text,
        validation_json json, druid_query json, limits json, supported_formats text[], exhaust_type VARCHAR(50))""")
    sql("""CREATE TABLE dev_consumer_channel_mapping (consumer_id TEXT, channel TEXT, status SMALLINT, created_by TEXT,
        created_on TIMESTAMPTZ, updated_on TIMESTAMPTZ, PRIMARY KEY (consumer_id, channel));
        INSERT INTO dev_consumer_channel_mapping (consumer_id, channel, status) VALUES ('program-1', 'sample-org-1', 1)""")
    for link in LINKS.values():
        if "://" not in link:
            (objects / link).parent.mkdir(parents=True, exist_ok=True)
            (objects / link).write_text("an old file")
    columns = sql("SELECT string_agg(attname || atttypid, ',' ORDER BY attnum) FROM pg_attribute "
                  "WHERE attrelid = 'dev_job_request'::regclass AND attnum > 0")

    # 1: look, and end what nobody waits for.
    report.check("old" in sql(LOOK) and "other" in sql(LOOK), "the look does not show requests that are stuck")
    sql(GIVE_UP)
    report.check(status("old") == "FAILED" and status("fresh") == "SUBMITTED", "giving up took the wrong rows")

    # 2: our tables; no column of theirs changes.
    exhaust("sample", "--learners", "60", "--uncompressed", "--out", str(folder / "sample"))
    exhaust("import", str(folder / "sample"))
    loaded = run(
        "redis-cli", "-h", redis_host, "-p", redis_port, "-n", "12", "-x", "eval",
        (DEPLOY / "compose/load-profiles.lua").read_text(), "0", input=(folder / "sample/user.jsonl").read_text())
    report.check(loaded.stdout.strip().isdigit() and int(loaded.stdout) > 0, f"no profiles: {loaded.stdout}{loaded.stderr}")
    sql(ROLE)
    SETTINGS["EXHAUST_POSTGRES_USER"] = "exhaust_app"
    exhaust("migrate")
    sql(exhaust("migrate", "--sql"))
    report.check(exhaust("migrate", "--sql") == "", "the owner's statements do not make what is missing")
    after = sql("SELECT string_agg(attname || atttypid, ',' ORDER BY attnum) FROM pg_attribute "
                "WHERE attrelid = 'dev_job_request'::regclass AND attnum > 0")
    report.check(columns == after, "migrate changed columns of job_request")
    doctor(0, "before the trial")
    # Nothing of the old jobs is removed, should somebody run it now.
    exhaust("expire")
    links_stay("expire before the trial")

    # 4: one report on trial; everybody else's rows stay.
    exhaust("work", "--once", "--report", "progress-exhaust")
    report.check(status("fresh") == "SUCCESS", "the request on trial is not done")
    report.check(cell("fresh", "encryption_key") != "", "the key was taken although it is to stay")
    path = cell("fresh", "download_urls").strip("{}")
    report.check(
        path.endswith(".zip") and (objects / path).is_file(), f"the API would sign {path}, which is not in the bucket")
    report.check(
        [status(row) for row in ("dead", "failed", "druid", "other")]
        == ["PROCESSING", "FAILED", "SUBMITTED", "SUBMITTED"], "rows of others were touched")
    report.check("stranded" in doctor(0, "on trial"), "nothing is stranded")
    exhaust("adopt", "--report", "progress-exhaust")
    exhaust("work", "--once", "--report", "progress-exhaust")
    report.check(status("dead") == "SUCCESS" and status("druid") == "SUBMITTED", "adopt took too little or too much")
    report.check("SUCCESS" in sql(TRIAL), "the trial's look shows no success")

    # 3: the same report beside it, compared.
    (folder / "password").write_text("a long password\n")
    (folder / "password").chmod(0o600)
    exhaust(
        "open", str(objects / path), "--password-file", str(folder / "password"), "--out",
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

    # 6: the API, with the role of step 2.
    answers = submit_over_http()
    filed = [(answer.get("result") or {}).get("requestId", "") for answer in answers]
    report.check(
        len(filed) == 2 and all(status(identifier) == "SUBMITTED" for identifier in filed),
        f"the API refuses: {json.dumps(answers)[:600]}")
    exhaust("work", "--once")
    report.check({status(identifier) for identifier in filed} == {"SUCCESS"}, "the requests of the API are not done")
    filed = filed[0] if filed else ""

    # 7: files go when they are too old, ours alone.
    sql(f"""UPDATE dev_job_request SET dt_job_completed = dt_job_completed - interval '40 days',
        dt_job_submitted = dt_job_submitted - interval '40 days' WHERE request_id = '{filed}'""")
    mine = cell(filed, "download_urls").strip("{}")
    exhaust("expire")
    report.check(mine and not (objects / mine).exists(), "a file that is too old stays")
    report.check((objects / path).is_file(), "a file that is not too old is gone")
    links_stay("expire in the end")
    doctor(0, "in the end")

    # The way back: what old jobs would leave open has to be asked for again, the rest is theirs.
    # A request that failed for good has its sealed password erased, and its key was taken with the others.
    insert("lost", "progress-exhaust", "SUBMITTED", "2 minutes", 0, "a long password", "no-such-batch")
    exhaust("work", "--once", EXHAUST_JOBS_MOVEKEYS="true")
    report.check(
        (status("lost"), cell("lost", "iteration"), cell("lost", "encryption_key")) == ("FAILED", "1", ""),
        "a request for a batch that is not there did not fail for good")
    insert("theirs", "progress-exhaust", "SUBMITTED", "1 minute", 0, "a long password", "sample-batch-1")
    answer = json.loads(exhaust(
        "submit", "progress-exhaust", "--batch", "sample-batch-1", "--channel", "sample-org-1", "--by", "admin-9", "--tag",
        "ours", "--password-file", str(folder / "password"), "--json"))
    report.check(cell(answer["requestId"], "encryption_key") == "", "a key of ours is in the open")
    report.check(sql(WAY_BACK) == "0", "something is under way")
    report.check(status("theirs") == "SUBMITTED", "the way back ended what the old jobs can do")
    for identifier in (answer["requestId"], "lost"):
        report.check(
            (status(identifier), cell(identifier, "iteration")) == ("FAILED", "3"),
            f"the old jobs would make an open file of {identifier}")
    count = sql("SELECT count(*) FROM dev_job_request")
    sql(REMOVE)
    left = sql("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname !~ "
               "'^dev_(job_request|dataset_metadata|consumer_channel)' UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal "
               "UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
               "UNION SELECT relname FROM pg_class WHERE relname LIKE '%exhaust%'")
    report.check(left == "", f"traces are left: {left}")
    report.check(count == sql("SELECT count(*) FROM dev_job_request"), "rows went with our tables")
    exhaust("migrate")
finally:
    stop_services()
    holder.cleanup()
report.end()
