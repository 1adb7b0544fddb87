"""Every setting, variable and command that this folder names is one that the program has."""

import re

from common import DEPLOY, PROJECT, Report, Settings, commands

report = Report("names")
settings = Settings()
known_commands = commands()

files = [
    path for path in DEPLOY.rglob("*")
    if path.is_file() and "checks" not in path.relative_to(DEPLOY).parts[:1] and path.name != "values.schema.json"
    and "secrets" not in path.parts and path.suffix != ".pyc" and path != DEPLOY / "check"
]
for path in files:
    text = path.read_text()
    where = path.relative_to(PROJECT)
    for variable in sorted(set(re.findall(r"\bEXHAUST_[A-Z0-9_]*[A-Z0-9]", text))):
        report.check(variable in settings.variables, f"{where}: {variable} is no variable of the program")
    for command in sorted(set(re.findall(r"(?:`|^\s*|\$ |/usr/bin/)exhaust ([a-z][a-z-]*)", text, re.M))):
        report.check(command in known_commands, f"{where}: `exhaust {command}` is no command of the program")

# In Markdown tables, the column `Exhaust` names settings between backticks.
for path in DEPLOY.glob("*.md"):
    column = None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")] if line.startswith("|") else []
        if not cells:
            column = None
        elif column is None:
            column = cells.index("Exhaust") if "Exhaust" in cells else -1
        elif column >= 0 and len(cells) > column:
            for word in re.findall(r"`([a-z][a-z0-9_]*(?:\.[A-Za-z_-]+)+)`", cells[column]):
                if not word.endswith((".json", ".csv", ".key")):
                    report.check(not settings.unknown([word]), f"{path.name}:{number}: {word} is no setting")
report.end()
