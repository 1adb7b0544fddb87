"""The compose file is whole: everything that it names is declared and there, and our services have no rights."""

import gzip
import os
import pathlib
import re
import shutil
import tempfile

from common import (
    BINARY, DEPLOY, NOT_INSTALLED, PROJECT, Report, Settings, clean_environment, commands, not_installed, run, yaml)

yaml = yaml()
report = Report("compose")
settings = Settings()
known_commands = commands()
file = DEPLOY / "docker-compose.yml"
compose = yaml.safe_load(file.read_text())
services = compose["services"]


def sources(service, key):
    """What a service names under `key`, short or long form."""
    for entry in service.get(key, []) or []:
        yield entry["source"] if isinstance(entry, dict) else entry.split(":")[0]


def faults(compose):
    """What is wrong with the references of a compose file."""
    for name, service in compose["services"].items():
        for kind in ("networks", "volumes", "secrets", "configs"):
            for source in sources(service, kind):
                if source not in compose.get(kind, {}) and not source.startswith((".", "/")):
                    yield f"service {name}: {kind} {source} is not declared"
        for other, condition in (service.get("depends_on") or {}).items():
            if other not in compose["services"]:
                yield f"service {name} depends on {other}, which is none"
            elif condition["condition"] == "service_healthy" and "healthcheck" not in compose["services"][other]:
                yield f"service {name} waits for the health of {other}, which has no check"


for fault in faults(compose):
    report.check(False, fault)
ours = {name: service for name, service in services.items() if "build" in service}
report.check(set(ours) == {"keys", "migrate", "serve", "worker"}, f"our services are {sorted(ours)}")
report.check(ours["worker"]["deploy"]["replicas"] == 2, "there are not two workers")
for name, service in ours.items():
    report.check(service["read_only"] is True, f"{name}: its root file system is writable")
    report.check(service["cap_drop"] == ["ALL"], f"{name}: it keeps rights")
    report.check("no-new-privileges:true" in service["security_opt"], f"{name}: it may gain rights")
    report.check(re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"]), f"{name}: user {service['user']}")
    report.check(service["command"][0] in known_commands, f"{name}: exhaust {service['command'][0]} is no command")
    for variable in service["environment"]:
        report.check(variable in settings.variables, f"{name}: {variable} is no variable of the program")
    context = (file.parent / service["build"]["context"]).resolve()
    report.check((context / service["build"]["dockerfile"]).is_file(), f"{name}: there is no Dockerfile")
    test = service.get("healthcheck", {}).get("test", ["CMD", "/usr/bin/exhaust", "version"])
    report.check(
        test[:2] == ["CMD", "/usr/bin/exhaust"] and test[2] in known_commands,
        f"{name}: the health check {test} needs what the image has not")
    for port in service.get("ports", []):
        report.check(port.startswith("127.0.0.1:"), f"{name}: port {port} is open to everybody")

# Secrets are files that make-secrets makes, never text in the file.
maker = (DEPLOY / "compose/make-secrets").read_text()
made = re.search(r"for name in (.*); do", maker).group(1).split()
with tempfile.TemporaryDirectory() as folder:
    if os.geteuid() == 0:
        answer = run(DEPLOY / "compose/make-secrets", folder)
        report.check(answer.returncode == 0, f"make-secrets: {answer.stderr.strip()}")
        for name in made:
            path = pathlib.Path(folder, name)
            facts = path.stat()
            report.check(
                (facts.st_uid, facts.st_gid, facts.st_mode & 0o777) == (65532, 999, 0o440), f"secret {name}: {facts}")
            refusal = settings.refusal("{}", {"EXHAUST_POSTGRES_PASS_FILE": str(path)})
            report.check(refusal is None, f"secret {name}: {refusal}")
        kept = [pathlib.Path(folder, name).read_text() for name in made]
        run(DEPLOY / "compose/make-secrets", folder)
        report.check(
            kept == [pathlib.Path(folder, name).read_text() for name in made], "make-secrets replaces what is there")
for name, secret in compose["secrets"].items():
    report.check(pathlib.Path(secret["file"]).name in made, f"secret {name}: make-secrets does not make {secret['file']}")
for name, service in services.items():
    for variable, value in (service.get("environment") or {}).items():
        if re.search("PASSWORD|SECRET|KEY|SALT", variable):
            report.check(variable.endswith("_FILE"), f"service {name}: {variable} is a secret in the open")
            report.check(pathlib.Path(value).name in compose["secrets"], f"service {name}: {variable} names no secret")

path = file.parent / compose["configs"]["settings"]["file"]
refusal = settings.refusal(path.read_text())
report.check(refusal is None, f"{path.name}: {refusal}")
for name, config in compose["configs"].items():
    report.check((file.parent / config["file"]).is_file(), f"config {name}: there is no {config['file']}")

# Profiles: the command of the service fills a real Redis, and a report made with it is the one made without.
with tempfile.TemporaryDirectory() as folder:
    server = run(PROJECT / "scripts/services.d/redis", "up", f"{folder}/redis")
    if server.returncode == NOT_INSTALLED:
        not_installed("Redis' server", "Run scripts/setup.")
    try:
        host, port = server.stdout.strip().split("=")[1].split(":")
        command = services["load-profiles"]["command"][0].replace("$$", "$")
        for old, new in {
            "/data/import/": f"{folder}/sample/", "-h redis ": f"-h {host} -p {port} ",
            "/load-profiles.lua": str(file.parent / compose["configs"]["load-profiles"]["file"]),
        }.items():
            report.check(old in command, f"load-profiles: {old} is not in `{command}`")
            command = command.replace(old, new)
        shape = {
            "EXHAUST_DATA": f"{folder}/data", "EXHAUST_PROFILES_REDIS_HOST": host, "EXHAUST_PROFILES_REDIS_PORT": port,
            "EXHAUST_PROFILES_REDIS_RELATIONS": "false"}

        def made(*words, **more):
            answer = run(BINARY, *words, env=clean_environment(**shape | more))
            report.check(answer.returncode == 0, f"exhaust {' '.join(words)}: {answer.stderr.strip()[-300:]}")
            return answer.stdout

        made("sample", "--learners", "200", "--out", f"{folder}/sample")
        made("import", f"{folder}/sample")
        report_words = ("run", "progress-exhaust", "--batch", "sample-batch-1", "--channel", "sample-org-1", "--csv", "-")
        plain = made(*report_words)
        empty = made(*report_words, EXHAUST_PROFILES_SOURCE="redis")
        filled = run("sh", "-c", command)
        count = len(gzip.decompress(pathlib.Path(folder, "sample/user.jsonl.gz").read_bytes()).splitlines())
        report.check(filled.stdout.strip() == str(count), f"load-profiles: {filled.stdout}{filled.stderr}")
        report.check(made(*report_words, EXHAUST_PROFILES_SOURCE="redis") == plain, "profiles from Redis differ")
        report.check(empty != plain, "it makes no difference whether Redis is asked")
    finally:
        run(PROJECT / "scripts/services.d/redis", "down", f"{folder}/redis")

# A check that cannot fail is worth nothing.
broken = yaml.safe_load(file.read_text())
broken["services"]["worker"]["networks"] = ["nowhere"]
report.check(list(faults(broken)) != [], "an undeclared network is not noticed")

if shutil.which("docker") and run("docker", "compose", "version").returncode == 0:
    answer = run("docker", "compose", "--file", file, "config", "--quiet")
    report.check(answer.returncode == 0, f"docker compose config: {answer.stderr.strip()}")
else:
    report.notes.append("not read by docker compose, which is not here")
report.end()
