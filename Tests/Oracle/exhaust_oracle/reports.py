"""One report about one batch, from tables to header, rows and counts."""

from . import documented, sunbird
from .audience import Refused, Tally, consenting, count_kept, learners

ALIASES = {"course-report": "progress-exhaust", "assessment-report": "assessment-score-report"}
REPORTS = {
    ("progress-exhaust", "documented"): documented.progress,
    ("response-exhaust", "documented"): documented.responses,
    ("userinfo-exhaust", "documented"): documented.user_info,
    ("assessment-score-report", "documented"): documented.assessment_scores,
    ("progress-exhaust", "sunbird"): sunbird.progress,
    ("response-exhaust", "sunbird"): sunbird.responses,
    ("userinfo-exhaust", "sunbird"): sunbird.user_info,
}


def compute(tables, batch, report, layout, settings, as_of):
    """(header, rows, counts); counts are {"rows", "learners", "leftOut", "findings"}."""
    report = ALIASES.get(report, report)
    if (report, layout) not in REPORTS:
        raise Refused("report-unknown", f"report {report} in layout {layout}: unknown")
    tally = Tally()
    kept = learners(tables, batch, tally)
    if report == "userinfo-exhaust":
        kept = consenting(tables, batch, kept, as_of, tally)
    count_kept(kept, tally)
    header, rows = REPORTS[report, layout](tables, batch, kept, settings, tally)
    counts = {
        "rows": len(rows),
        "learners": tally.learners,
        "leftOut": dict(sorted(tally.left_out.items())),
        "findings": dict(sorted(tally.findings.items())),
    }
    return header, rows, counts
