"""The chart: helm renders it for every values file, and what it renders fits together."""

import base64
import json
import os
import pathlib
import re
import shutil
import tempfile

from common import BINARY, DEPLOY, PROJECT, Report, Settings, not_installed, run, yaml
from manifests import faults, pod

try:
    import kubernetes_validate
except ImportError:
    not_installed("kubernetes-validate", "Run scripts/python-tools, and put .venv/bin before the PATH.")

yaml = yaml()
# The oldest version that Chart.yaml names, the one that can wait without a shell, and a new one.
KUBERNETES = ["1.25", "1.30", "1.34"]
servers = pathlib.Path(os.environ.get("EXHAUST_SERVERS", PROJECT.parent / "shared/servers"))
HELM = shutil.which("helm") or servers / "helm/run"
if not pathlib.Path(HELM).exists():
    not_installed("helm", "Install helm 3, or name the folder of servers with EXHAUST_SERVERS.")

report = Report("chart")
settings = Settings()
chart = DEPLOY / "helm/exhaust"
cases = sorted((DEPLOY / "helm/cases").glob("*.yaml"))


def template(*words, chart=chart):
    return run(HELM, "template", "trial", chart, "--namespace", "reports", *words)


def objects(text):
    return [document for document in yaml.safe_load_all(text) if document]


def schema_faults(rendered, version):
    """What Kubernetes' own schemas of a version refuse; objects of operators have none there."""
    for found in rendered:
        try:
            kubernetes_validate.validate(found, version, strict=True)
        except kubernetes_validate.SchemaNotFoundError:
            if found["apiVersion"].split("/")[0] not in ("keda.sh", "monitoring.coreos.com"):
                yield f"{found['kind']} {found['metadata']['name']}: no such kind in Kubernetes {version}"
        except kubernetes_validate.ValidationError as error:
            yield f"{found['kind']} {found['metadata']['name']}: Kubernetes {version}: {error.message[:300]}"


def secret_files(rendered, folder):
    """The variables that the pods' containers get for secrets, with files that hold what the chart's secret does."""
    held = {}
    for found in rendered:
        held |= {key: base64.b64decode(value) for key, value in found.get("data", {}).items() if found["kind"] == "Secret"}
    variables = {}
    for template in filter(None, map(pod, rendered)):
        for variable in template["spec"]["containers"][0]["env"]:
            if variable["name"].endswith("_FILE"):
                path = pathlib.Path(folder, variable["value"].rsplit("/", 1)[1])
                # Of a secret that is made elsewhere the chart knows the keys alone.
                path.write_bytes(held.get(path.name, b"made elsewhere"))
                path.chmod(0o600)
                variables[variable["name"]] = str(path)
    return variables


def check_settings(rendered, what):
    """The settings file and the variables of a rendered chart are such as the program takes."""
    for found in rendered:
        if found["kind"] == "ConfigMap":
            text = found["data"]["exhaust.json5"]
            with tempfile.TemporaryDirectory() as folder:
                refusal = settings.refusal(text, secret_files(rendered, folder))
            report.check(refusal is None, f"{what}: {refusal}")
            held = [name for name in json.loads(text) if name in settings.secrets]
            report.check(not held, f"{what}: secrets in the ConfigMap: {held}")
        if found["kind"] == "Deployment":
            for container in found["spec"]["template"]["spec"]["containers"]:
                for variable in container["env"]:
                    report.check(
                        variable["name"] in settings.variables, f"{what}: {variable['name']} is no variable")


def check_values(rendered, what, expected):
    """Settings that a values file says it makes."""
    made = next(json.loads(found["data"]["exhaust.json5"]) for found in rendered if found["kind"] == "ConfigMap")
    for name, value in expected:
        report.check(str(made.get(name)) == value, f"{what}: {name} is {made.get(name)!r}, not {value}")


answer = run(HELM, "lint", "--strict", chart)
report.check(answer.returncode == 0, f"helm lint: {answer.stdout} {answer.stderr}")
report.check(len(cases) >= 5, f"only {len(cases)} values files to try")
for words, what in [((), "defaults")] + [(("--values", case), case.stem) for case in cases]:
    expected = re.search(r"^# refused: (.*)$", words[1].read_text(), re.M) if words else None
    answer = template(*words)
    if expected:
        report.check(
            answer.returncode != 0 and expected.group(1) in answer.stderr,
            f"{what}: it should be refused with `{expected.group(1)}`: {answer.stderr.strip()[:300]}")
        continue
    if not report.check(answer.returncode == 0, f"{what}: {answer.stderr.strip()}"):
        continue
    rendered = objects(answer.stdout)
    for fault in faults(rendered):
        report.check(False, f"{what}: {fault}")
    for version in KUBERNETES:
        for fault in schema_faults(objects(template("--kube-version", version, *words).stdout), version):
            report.check(False, f"{what}: {fault}")
    report.check("\n\n" not in answer.stdout.strip(), f"{what}: empty lines, so a template leaves something out")
    check_settings(rendered, what)
    if words:
        check_values(rendered, what, re.findall(r"^# settings: (\S+) = (.*)$", words[1].read_text(), re.M))
        for kind in re.findall(r"^# has: (.*)$", words[1].read_text(), re.M):
            report.check(kind in {found["kind"] for found in rendered}, f"{what}: no {kind}")
        for kind in re.findall(r"^# has not: (.*)$", words[1].read_text(), re.M):
            report.check(kind not in {found["kind"] for found in rendered}, f"{what}: {kind}")

# The values that MIGRATION.md prints, over the installer's: what it says of them is true.
own, served = re.findall(r"^```yaml\n(.*?)^```", (DEPLOY / "MIGRATION.md").read_text(), re.M | re.S)
with tempfile.TemporaryDirectory() as folder:
    files = []
    for number, text in enumerate((own, served)):
        files += ["--values", pathlib.Path(folder, f"{number}.yaml")]
        files[-1].write_text(text)
    installer = ("--values", DEPLOY / "helm/cases/installer.yaml")
    answers = [template(*installer, *files[:2]), template(*installer, *files)]
for answer, what, pods in zip(answers, ("step 2", "step 6"), ({"toolbox"}, {"toolbox", "serve"})):
    if report.check(answer.returncode == 0, f"MIGRATION.md, {what}: {answer.stderr.strip()}"):
        rendered = objects(answer.stdout)
        for fault in faults(rendered):
            report.check(False, f"MIGRATION.md, {what}: {fault}")
        found = {found["metadata"]["name"].rsplit("-", 1)[-1] for found in rendered if pod(found) and found["kind"] != "Pod"}
        report.check(found == pods, f"MIGRATION.md, {what}: pods {sorted(found)}")
        check_settings(rendered, f"MIGRATION.md, {what}")
        check_values(rendered, f"MIGRATION.md, {what}", [
            ("jobs.moveKeys", "False"), ("layout.userinfo-exhaust", "sunbird"), ("files.s3.bucket", "CONTAINER"),
            ("learners.store", "cassandra"), ("cassandra.contactPoints", "cassandra"),
            ("cassandra.keyspace.hierarchy", "prod_hierarchy_store"), ("profiles.source", "redis")])

# A check that cannot fail is worth nothing: what the templates must not do has to be noticed.
for kind, spoil in {
    "ConfigMap": lambda found: found["metadata"].update(name="other"),
    "Service": lambda found: found["spec"]["selector"].update(other="label"),
    "PodDisruptionBudget": lambda found: found["spec"].update(minAvailable=1, maxUnavailable=1),
    "Deployment": lambda found: found["spec"]["template"]["spec"]["containers"][0]["securityContext"].clear(),
    "CronJob": lambda found: found["metadata"].update(name="a" * 53),
    "Secret": lambda found: found["data"].clear(),
    "NetworkPolicy": lambda found: found["spec"]["egress"][1]["ports"].pop(),
}.items():
    spoilt = objects(template("--values", DEPLOY / "helm/cases/everything.yaml").stdout)
    spoil(next(found for found in spoilt if found["kind"] == kind))
    report.check(list(faults(spoilt)) != [], f"a spoilt {kind} is not noticed")
spoilt = objects(template("--values", DEPLOY / "helm/cases/everything.yaml").stdout)
next(found for found in spoilt if found["kind"] == "NetworkPolicy")["spec"]["ingress"].pop()
report.check(list(faults(spoilt)) != [], "a policy that keeps Prometheus out is not noticed")
spoilt = objects(template().stdout)
next(found for found in spoilt if found["kind"] == "Deployment")["spec"]["template"]["spec"]["afinity"] = {}
report.check(list(schema_faults(spoilt, KUBERNETES[0])) != [], "a misspelt member is not noticed")

# The three places that name the values agree.
values = set(yaml.safe_load((chart / "values.yaml").read_text()))
schema = set(json.loads((chart / "values.schema.json").read_text())["properties"])
names = re.search(r'"exhaust.knownValues" -}}\n(.*?)\n{{', (chart / "templates/_names.tpl").read_text(), re.S)
report.check(values == schema, f"values.yaml and values.schema.json differ: {sorted(values ^ schema)}")
report.check(values == set(names.group(1).split()), f"exhaust.knownValues: {sorted(values ^ set(names.group(1).split()))}")
version = run(BINARY, "version").stdout.split()[-1]
report.check(
    yaml.safe_load((chart / "Chart.yaml").read_text())["appVersion"] == version, f"appVersion is not {version}")

# helm shows notes only with a cluster; here they are rendered as a file.
with tempfile.TemporaryDirectory() as folder:
    copy = pathlib.Path(folder, "exhaust")
    shutil.copytree(chart, copy)
    shutil.copy(chart / "templates/NOTES.txt", copy / "notes.copy")
    (copy / "templates/notes.yaml").write_text('notes: |\n{{ tpl (.Files.Get "notes.copy") . | indent 2 }}\n')
    answer = template(
        "--show-only", "templates/notes.yaml", "--set", "wroker.replicas=1,global.sunbird_cloud_storage_provider=aws",
        "--set", "storage.container=open,global.public_container_name=open", chart=copy)
    report.check("WARNING: bucket open" in answer.stdout, f"the notes do not warn of an open bucket: {answer.stderr}")
    report.check(
        "does not use: wroker" in answer.stdout, f"the notes do not name a value that nobody uses: {answer.stderr}")
report.notes.append(f"schemas of Kubernetes {', '.join(KUBERNETES)}; not given to a cluster")
report.end()
