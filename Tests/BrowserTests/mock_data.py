"""What the stand-in answers: made-up courses, reports and requests, one of each state."""

import datetime
import io

import pyzipper

PASSWORD = "correct-horse-battery"


def moment(minutes_ago):
    then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=minutes_ago)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


def session(kind, sign_in_path=None):
    signed_in = kind in ("demo", "oidc")
    return {
        "signedIn": signed_in, "mode": kind.removesuffix("-out"), "user": "asha.rao" if signed_in else None,
        "channel": "sample-board" if signed_in else None, "roles": ["ORG_ADMIN"], "csrfToken": "mock-token",
        "signInPath": sign_in_path or ("/v1/sign-in" if kind.startswith("oidc") else None),
    }


def column(label, meaning, source, unit=""):
    return {"label": label, "meaning": meaning, "source": source, "unit": unit}


COLUMNS = [
    column("Collection Id", "Identifier of the course", "course_batch.courseid"),
    column("Batch Name", "Name of the batch", "course_batch.name"),
    column("User UUID", "Identifier of the learner", "user_enrolments.userid"),
    column("User Name", "First and last name", "user"),
    column("Progress", "Required contents that are completed", "user_enrolments.contentstatus", "percent"),
    column("Total Score", "Sum of the kept attempts", "assessment_aggregator", "points"),
    column("Time Spent", "Time in assessments and contents", "assessment_aggregator", "seconds"),
]
INACTIVE = {"code": "inactive", "text": "Learners whose enrolment is not active."}


def reports(protected=(), collection=None):
    level = "PASSWORD_PROTECTED_DATASET"
    columns = COLUMNS + ([column(f"{collection}8 - Score", "Told by the service alone", "assessment_aggregator.total_score", "points")] if collection else [])

    def report(identifier, title, description, needs=True, allowed=True, reason=None, left_out=(INACTIVE,), level=level):
        return {
            "id": identifier, "title": title, "description": description, "columns": columns, "needsPassword": needs,
            "allowed": allowed, "reason": reason, "reasonCode": "role" if reason else None, "leftOut": list(left_out),
            "level": level, "layout": "documented", "layouts": ["documented"],
        }

    return {
        "passwordRule": {"minimumCharacters": 12, "maximumBytes": 99},
        "reports": [
            report("progress-exhaust", "Progress", "One row for each learner: progress, scores, certificate, time spent."),
            report("response-exhaust", "Responses", "One row for each question of an attempt: answer, score, options."),
            report(
                "userinfo-exhaust", "User information", "One row for each learner who agreed: contact details.", allowed=False,
                reason="Only a content creator may have it. Ask the administrator of your organisation for the role.",
                left_out=[INACTIVE, {"code": "consent-missing", "text": "Learners who never agreed to share their data."}]),
            report("assessment-score-report", "Assessment scores", "One row for each learner: the score of each assessment.", needs="assessment-score-report" in protected, level=level if "assessment-score-report" in protected else "PLAIN_DATASET"),
        ],
    }


COURSES = [
    ("do_2130", "Foundational literacy for primary teachers"), ("do_2131", "Teaching mathematics with games"),
    ("do_2132", "Safety at school"), ("do_2133", "Light, water and air: science in the first years of school and how to tell about it"),
]


def collections(query, limit, by_name=True):
    if not by_name:
        return pasted(query)
    found = [(i, name) for i, name in COURSES if query.lower() in name.lower()]
    return {"byName": True, "collections": [
        {"identifier": i, "name": name, "channel": "sample-board", "status": "Live", "asksForConsent": True, "batchId": None}
        for i, name in found[:limit]
    ]}


def pasted(query):
    """As of a catalogue that finds no names, only ids."""
    return {"byName": False, "collections": [
        {"identifier": i, "name": name, "channel": "sample-board", "status": "Live", "asksForConsent": True, "batchId": query}
        for i, name in COURSES[:1] if query == "01301"
    ]}


def batches(collection):
    def batch(number, name, start, end, status, enrolments, allowed=True, reason=None):
        return {
            "batchId": f"0130{number}", "collectionId": collection, "name": name, "startDate": start, "endDate": end,
            "status": status, "enrolments": enrolments, "allowed": allowed, "reason": reason,
        }

    if collection == "do_2132":
        return {"batches": []}
    return {"batches": [
        batch(1, "Monsoon batch 2026", "2026-06-15", "2026-12-20", 1, 48213),
        batch(2, "Winter batch 2027", "2027-01-10", None, 0, 0),
        batch(3, "Pilot", "2025-02-01", "2025-05-31", 2, 312, False, "This batch belongs to another mentor."),
    ]}


def preview(report):
    rows = [
        ["do_2130", "Monsoon batch 2026", f"5a58{n:04x}…", "A••• R••", str(n * 7 % 101), str(n % 30), str(n * 91)] for n in range(20)
    ]
    return {
        "level": "PASSWORD_PROTECTED_DATASET", "needsPassword": True, "passwordRule": {"minimumCharacters": 12},
        "columns": COLUMNS, "rows": [] if report == "response-exhaust" else rows, "learners": 48213, "rowsEstimate": 47801,
        "bytesEstimate": 2_912_345, "secondsEstimate": 3.4,
        "findings": [
            {"code": "inactive", "severity": "information", "message": "enrolment is not active", "count": 412},
            {"code": "profile-missing", "severity": "warning", "message": "profile is missing; its cells are empty", "count": 9},
        ],
    }


def request(number, report, title, state, minutes, **more):
    return {
        "requestId": f"{number:032X}", "tag": "do_2130_01301", "report": report, "reportTitle": title,
        "batches": [{"batchId": "01301", "collectionId": "do_2130", "name": "Monsoon batch 2026", "collectionName": "Foundational literacy for primary teachers"}],
        "layout": "documented", "requestedBy": "asha.rao", "requestedByMe": True, "state": state, "willRetry": False,
        "expired": False, "placeInLine": None, "progress": None, "submittedAt": moment(minutes), "startedAt": None,
        "completedAt": None, "files": [], "leftOut": [], "findings": [], "cancelling": False, "retryAt": None, "failure": None,
        "actions": {"download": False, "cancel": False, "retry": False, "fresh": False},
    } | more


def actions(*names):
    return {name: name in names for name in ("download", "cancel", "retry", "fresh")}


NOTES = [
    {"code": "inactive", "severity": "information", "message": "enrolment is not active", "count": 412},
    {"code": "consent-missing", "severity": "information", "message": "never gave consent to share their data", "count": 120},
]

FINDINGS = [
    {"code": "profile-missing", "severity": "warning", "message": "profile is missing; its cells are empty", "count": 9},
    {"code": "archived-copy", "severity": "information", "message": "archived attempts that were also live, shown once", "count": 31},
]


def file(index, batch, size=2_912_345):
    return {"index": index, "name": f"{batch}_progress_20261121.zip", "bytes": size, "rows": 47801, "batchId": batch}


def requests():
    progress = {"learnersDone": 31200, "learnersExpected": 48213, "rows": 31200, "rate": 4127.3, "etaSeconds": 4.1}
    return [
        request(1, "progress-exhaust", "Progress", "SUBMITTED", 1, placeInLine=3, actions=actions("cancel")),
        request(2, "response-exhaust", "Responses", "PROCESSING", 2, progress=progress, startedAt=moment(2), actions=actions("cancel")),
        request(3, "progress-exhaust", "Progress", "SUCCESS", 50, completedAt=moment(49), startedAt=moment(50),
                files=[file(0, "01301")], leftOut=NOTES, findings=FINDINGS, actions=actions("download", "fresh")),
        request(4, "userinfo-exhaust", "User information", "FAILED", 95, completedAt=moment(94), requestedBy="meera.iyer", requestedByMe=False,
                failure={"code": "unavailable", "message": "user cache: it does not answer", "remedy": "Try again later. The attempt was made three times.", "mender": "operator"},
                actions=actions("retry")),
        request(5, "progress-exhaust", "Progress", "FAILED", 120, willRetry=True,
                failure={"code": "unavailable", "message": "enrolments: the store was too slow", "remedy": "Nothing has to be done.", "mender": "operator"}, actions=actions("cancel")),
        request(6, "response-exhaust", "Responses", "SUCCESS", 60 * 30, completedAt=moment(60 * 30 - 2), startedAt=moment(60 * 30 - 1),
                batches=[{"batchId": f"0130{n}", "name": f"Batch {n}", "collectionName": "Teaching mathematics with games"} for n in range(1, 4)],
                files=[file(n - 1, f"0130{n}", 812_345_678 // n) for n in range(1, 4)], actions=actions("download", "fresh")),
        request(7, "assessment-score-report", "Assessment scores", "SUCCESS", 60 * 24 * 40, completedAt=moment(60 * 24 * 40), expired=True, actions=actions("fresh")),
        request(8, "progress-exhaust", "Progress", "CANCELLED", 60 * 24 * 41, completedAt=moment(60 * 24 * 41), actions=actions("fresh")),
    ]


def foreign(number):
    """A file that another program made: how large it is and what it holds, nobody knows."""
    return request(number, "ml-task-detail", "Task details", "SUCCESS", 30, completedAt=moment(29), layout=None,
                   files=[{"index": 0, "name": "tasks.csv", "bytes": None, "rows": None, "batchId": None}], actions=actions("download"))


def old_requests(count):
    """Requests of former days, newest first."""
    return [
        request(2000 + n, "progress-exhaust", "Progress", "SUCCESS", 60 * 24 * 45 + n, completedAt=moment(60 * 24 * 45 + n), expired=True,
                batches=[{"batchId": f"0200{n}", "name": f"Old batch {n}"}], actions=actions("fresh"))
        for n in range(count)
    ]


def receipts(request):
    """A receipt for each file."""
    def one(number, batch):
        return {
            "receipt": 1, "madeBy": "exhaust 1.0", "requestId": request["requestId"], "report": request["report"], "layout": "documented",
            "level": "PASSWORD_PROTECTED_DATASET", "batch": {"id": batch["batchId"], "name": batch["name"], "collectionName": batch.get("collectionName", "")},
            "counts": {"enrolled": 48213 + number, "reported": 47681 + number, "rows": 47681 + number},
            "leftOut": [{"code": n["code"], "severity": n["severity"], "count": n["count"], "meaning": n["message"]} for n in NOTES],
            "findings": [{"code": "of-tomorrow", "severity": "warning", "count": 2, "meaning": "said by the service alone"}],
            "entries": [{"name": f"{batch['batchId']}_progress.csv", "rows": 47681 + number, "bytes": 9_123_456, "sha256": "00"}],
            "dataAsOf": {"from": request["completedAt"], "through": request["completedAt"]},
        }

    found = [one(number, batch) for number, batch in enumerate(request["batches"])]
    return {"requestId": request["requestId"], "tag": request["tag"], "receipts": found}


def with_state(request, state):
    allowed = actions("cancel") if state == "SUBMITTED" else actions("fresh")
    return request | {"state": state, "failure": None, "willRetry": False, "expired": False, "actions": allowed, "placeInLine": 1 if state == "SUBMITTED" else None}


submissions = 0


def submitted(body):
    global submissions
    submissions += 1
    title = next(r["title"] for r in reports()["reports"] if r["id"] == body["report"])
    return request(1000 + submissions, body["report"], title, "SUBMITTED", 0, placeInLine=1, tag=body["tag"], actions=actions("cancel"))


def progress_of(submitted):
    for done in (0, 12000, 24000, 36000, 48213):
        progress = {"learnersDone": done, "learnersExpected": 48213, "rows": done, "rate": 48000.0, "etaSeconds": (48213 - done) / 48000}
        yield submitted | {"state": "PROCESSING", "progress": progress, "startedAt": moment(0), "placeInLine": None}
    yield submitted | {
        "state": "SUCCESS", "startedAt": moment(0), "completedAt": moment(0), "files": [file(0, "01301")], "leftOut": NOTES, "findings": FINDINGS,
        "placeInLine": None, "actions": actions("download", "fresh")}


def archive():
    """A file as the service makes it: AES-256, with report, receipt and dictionary."""
    buffer = io.BytesIO()
    with pyzipper.AESZipFile(buffer, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(PASSWORD.encode())
        archive.writestr("01301_progress_20261121.csv", csv(3000))
        archive.writestr("receipt.json", '{"counts":{"enrolled":3412,"reported":3000,"rows":3000},"leftOut":[{"code":"inactive","count":412,"meaning":"enrolment is not active"}]}')
        archive.writestr("dictionary.csv", "Label,Meaning,Source,Unit\nUser UUID,Identifier of the learner,user_enrolments.userid,\n")
    return buffer.getvalue()


def csv(rows):
    lines = ["\ufeffCollection Id,Batch Name,User UUID,User Name,Progress,Total Score"]
    lines += [f'do_2130,"Monsoon batch, 2026",user-{n},"Åsa ""A"" Rao",{n % 101},{n % 30}' for n in range(rows)]
    return "\n".join(lines) + "\n"
