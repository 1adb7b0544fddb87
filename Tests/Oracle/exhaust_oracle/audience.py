"""Which batches a request means and which of their learners a report shows (upstream.md 4, design.md 6)."""

from collections import Counter, namedtuple

from .tree import Tree
from .values import is_true, parse_timestamp, text

Learner = namedtuple("Learner", "user_id enrolment profile consent")


class Refused(Exception):
    """The report cannot be made: `code` says why in a word."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Batch:
    """One batch of one collection, asked for by one organisation."""

    def __init__(self, tables, row, content, channel):
        self.collection_id, self.batch_id = row["courseid"], row["batchid"]
        self.key = (self.collection_id, self.batch_id)
        self.name = text(row.get("name"))
        self.collection_name = text(content.get("name"))
        self.collection_organisation = text(content.get("channel"))
        self.requested_organisation = self.collection_organisation if channel == "System" else channel
        self.asks_for_consent = text(content.get("userConsent")).lower() == "yes"
        self.content = content
        self.tree = Tree(tables.hierarchies.get(self.collection_id))


class Tally:
    """What a receipt says about learners and cells."""

    def __init__(self):
        self.learners = 0
        self.left_out = Counter()
        self.findings = Counter()

    def leave_out(self, code):
        self.left_out[code] += 1

    def find(self, code):
        self.findings[code] += 1


def resolve(tables, batch_id, channel, collection_id=None):
    """The batches of that id, one a collection, in collection id order; retired and unknown ones refused."""
    rows = [
        row
        for row in tables.batches
        if row["batchid"] == batch_id and collection_id in (None, row["courseid"])
    ]
    if not rows:
        raise Refused("batch-unknown", f"batch {batch_id}: no such batch")
    found = []
    for row in sorted(rows, key=lambda row: row["courseid"]):
        content = tables.contents.get(row["courseid"])
        if content is not None and content.get("status") in ("Live", "Unlisted"):
            found.append(Batch(tables, row, content, channel))
    if not found:
        raise Refused("collection-retired", f"batch {batch_id}: the request is made for retired collection")
    return found


def learners(tables, batch, tally):
    """Those of the batch that a report shows, in user id order; the others are counted."""
    kept = []
    for enrolment in tables.enrolments(batch):
        if not is_true(enrolment.get("active")):
            tally.leave_out("inactive")
            continue
        profile = tables.users.get(enrolment["userid"])
        if batch.requested_organisation != batch.collection_organisation:
            organisation = (profile or {}).get("rootorgid")
            if not organisation:
                tally.leave_out("organisation-unknown")
                continue
            if organisation != batch.requested_organisation:
                tally.leave_out("organisation-other")
                continue
        kept.append(Learner(enrolment["userid"], enrolment, profile, None))
    return kept


def consenting(tables, batch, candidates, as_of, tally):
    """Of these, the learners whose consent for this collection and organisation holds (design.md 6.1)."""
    if not batch.asks_for_consent:
        raise Refused("consent-not-asked", f"batch {batch.batch_id}: its collection does not ask for consent")
    kept = []
    for learner in candidates:
        row = tables.consents.get((learner.user_id, batch.requested_organisation, batch.collection_id))
        if row is None:
            tally.leave_out("consent-missing")
        elif text(row.get("status")).lower() != "active":
            tally.leave_out("consent-revoked")
        elif _has_expired(row.get("expiry"), as_of):
            tally.leave_out("consent-expired")
        else:
            kept.append(learner._replace(consent=row))
    return kept


def _has_expired(expiry, as_of):
    """No expiry never expires, an unreadable one has expired."""
    if expiry is None or expiry == "":
        return False
    moment = parse_timestamp(expiry)
    return moment is None or moment <= as_of


def count_kept(kept, tally):
    """The learners of the report, and the finding for those whose profile cells are empty."""
    tally.learners = len(kept)
    for learner in kept:
        if learner.profile is None:
            tally.find("profile-missing")


def user_name(profile):
    """firstname and lastname joined by one space, absent parts skipped."""
    parts = (profile or {}).get("firstname"), (profile or {}).get("lastname")
    return " ".join(text(part) for part in parts if part not in (None, ""))


def profile_text(learner, field):
    return text((learner.profile or {}).get(field))
