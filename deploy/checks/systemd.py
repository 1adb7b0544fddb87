"""systemd takes the units, and their confinement stays tight."""

import pathlib
import shutil
import tempfile

from common import BINARY, DEPLOY, Report, not_installed, run

LOWEST_EXPOSURE = 15  # tenths, of 100

if shutil.which("systemd-analyze") is None:
    not_installed("systemd-analyze", "Run scripts/setup.")
report = Report("systemd")
source = DEPLOY / "systemd"
instances = sorted(
    path.name.replace("@.", "@1.") for path in source.iterdir() if path.suffix in (".service", ".timer"))

with tempfile.TemporaryDirectory() as folder:
    root = pathlib.Path(folder)
    units = root / "usr/lib/systemd/system"
    units.mkdir(parents=True)
    (root / "usr/bin").mkdir()
    shutil.copy(BINARY, root / "usr/bin/exhaust")
    for name in ("network-online", "multi-user", "timers", "basic", "sysinit", "shutdown"):
        known = pathlib.Path(f"/usr/lib/systemd/system/{name}.target")
        if known.exists():
            shutil.copy(known, units)
    for path in source.iterdir():
        if path.is_dir():
            shutil.copytree(path, units / path.name)
        elif path.suffix in (".service", ".timer"):
            shutil.copy(path, units)

    def verify(*names):
        return run("systemd-analyze", "verify", f"--root={root}", "--man=no", *names)

    answer = verify(*instances)
    said = (answer.stdout + answer.stderr).strip()
    report.check(answer.returncode == 0 and not said, f"systemd-analyze verify: {said or answer.returncode}")
    for name in instances:
        if name.endswith(".timer"):
            service = units / name.replace(".timer", ".service")
            report.check(service.exists(), f"{name}: there is no {service.name} for it to start")
            continue
        answer = run(
            "systemd-analyze", "security", "--offline=true", f"--root={root}", f"--threshold={LOWEST_EXPOSURE}", name)
        report.check(answer.returncode == 0, f"{name}: {(answer.stdout + answer.stderr).strip().splitlines()[-1:]}")

    # A check that cannot fail is worth nothing: these have to be noticed.
    unit = (units / "exhaust-expire.service").read_text()
    (units / "exhaust-broken.service").write_text(unit.replace("/usr/bin/exhaust", "/usr/bin/missing"))
    report.check(verify("exhaust-broken.service").returncode != 0, "a missing program is not noticed")
    (units / "exhaust-broken.service").write_text(unit + "NoSuchDirective=1\n")
    answer = verify("exhaust-broken.service")
    report.check("NoSuchDirective" in answer.stderr + answer.stdout, "an unknown directive is not noticed")
    (units / "open-broken.service").write_text(unit)
    answer = run(
        "systemd-analyze", "security", "--offline=true", f"--root={root}", f"--threshold={LOWEST_EXPOSURE}",
        "open-broken.service")
    report.check(answer.returncode != 0, "a service without confinement is not noticed")
report.end()
