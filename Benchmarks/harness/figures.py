"""Figures as Markdown."""

from .measuring import Series

MIB = 1 << 20
# design.md 11
BAR_DUCKDB, BAR_SPARK, BAR_MEMORY_MIB, BAR_SMALL_SECONDS = 0.8, 0.1, 64, 0.25


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def verdict(is_met):
    return "met" if is_met else "**missed**"


def mebibytes(value):
    return f"{value / MIB:,.1f}"


class Results:
    """All entries of one round after another, by contestant."""

    def __init__(self):
        self.entries = {}

    def add(self, name, entry):
        self.entries.setdefault(name, []).append(entry)

    def series(self, name):
        return Series(tuple(entry.total for entry in self.entries[name]))

    def best(self, name):
        return min(self.entries[name], key=lambda entry: entry.total.wall)

    def fastest(self, prefix):
        """The contestant of that kind with the best single run, such as DuckDB with one thread or with two."""
        names = [name for name in self.entries if name.startswith(prefix)]
        return min(names, key=lambda name: self.best(name).total.wall) if names else None


def contest(results, idle):
    """One row a contestant."""
    rows = []
    for name, entries in results.entries.items():
        series, best = results.series(name), results.best(name)
        stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in best.stages.items())
        above = mebibytes(series.peak - idle.peak) if idle and name.startswith("Exhaust") else "–"
        rows.append(
            [name, f"{best.total.wall:.2f}", f"{series.median:.2f}", f"{best.total.cpu:.2f}", mebibytes(series.peak),
             above, stages, len(entries)]
        )
    heads = ["", "best, s", "median, s", "CPU, s", "peak, MiB", "above idle, MiB", "stages of the best, s", "runs"]
    return table(heads, rows)


def ratios(results, ours="Exhaust, run"):
    """Our time over that of the others, beside the bars."""
    if ours not in results.entries:
        return ""
    rows = []
    for prefix, bar in (("DuckDB", BAR_DUCKDB), ("PySpark", BAR_SPARK)):
        other = results.fastest(prefix)
        if other is not None:
            best = results.best(ours).total.wall / results.best(other).total.wall
            median = results.series(ours).median / results.series(other).median
            rows.append([other, f"{best:.3f}", f"{median:.3f}", f"at most {bar}", verdict(best <= bar)])
    return table(["Exhaust, run, over", "best", "median", "bar", ""], rows) if rows else ""


def memory(rows, idle):
    """Rows of (learners, measurement, bytes of the file)."""
    lines = []
    for learners, run, size in rows:
        above = run.peak - idle.peak
        lines.append(
            [f"{learners:,}", f"{run.wall:.2f}", f"{run.cpu:.2f}", mebibytes(run.peak), mebibytes(above),
             mebibytes(size), verdict(above < BAR_MEMORY_MIB * MIB)]
        )
    heads = ["learners", "s", "CPU, s", "peak, MiB", "above idle, MiB", "file, MiB", f"under {BAR_MEMORY_MIB} MiB"]
    return table(heads, lines)


def small(entries):
    """Submit to file at 1,000 learners."""
    best = min(entries, key=lambda entry: entry.total.wall)
    stages = ", ".join(f"{stage} {seconds * 1000:.0f}" for stage, seconds in best.stages.items())
    met = verdict(best.total.wall < BAR_SMALL_SECONDS)
    return table(
        ["1,000 learners, submit to file", "best, ms", "stages, ms", "bar", ""],
        [["two processes, each started", f"{best.total.wall * 1000:.0f}", stages, "250", met]],
    )
