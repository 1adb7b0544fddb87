"""Lines of `edge-expected/` worked out by hand from the documents, so that the files rest on more than one reading."""

import csv
import os
import unittest

EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "edge-expected")


def rows(name):
    """User id to its rows; a row is label to cell. Only for files in RFC 4180 form."""
    with open(os.path.join(EXPECTED, name), encoding="utf-8", newline="") as file:
        found = {}
        for row in csv.DictReader(file, strict=True):
            found.setdefault(row["User UUID"], []).append(row)
    return found


def cells(row, *labels):
    return [row[label] for label in labels]


class ProgressByHand(unittest.TestCase):
    """do_c1 requires l1, a1, l3, a2, a3, l5 (6); u1 requires l1, a1, l3; u2 requires l1, a3; u3 and u4 nothing."""

    def setUp(self):
        self.documented = rows("progress-exhaust-documented-b1.csv")
        self.sunbird = rows("progress-exhaust-sunbird-b1.csv")

    def expect(self, table, user, **wanted):
        names = {
            "enrolled": "Enrolment Date", "completed": "Completion Date", "progress": "Progress",
            "total": "Total Score", "certificate": "Certificate Status", "spent": "Time Spent", "name": "User Name",
            "u1": "do_c1_u1 - Progress", "u2": "do_c1_u2 - Progress", "u3": "do_c1_u3 - Progress",
            "u4": "do_c1_u4 - Progress", "a1": "do_a1 - Score", "a2": "do_a2 - Score", "s1": "do_a2_s1 - Score",
            "a4": "do_a4 - Score", "state": "State", "district": "District", "board": "Declared Board",
        }
        (row,) = table[user]
        for key, value in wanted.items():
            self.assertEqual(row[names[key]], value, f"{user} {names[key]}")

    def test_columns(self):
        header = list(self.documented["n01-plain"][0])
        self.assertEqual(header[13:], [
            "do_c1_u1 - Progress", "do_c1_u2 - Progress", "do_c1_u3 - Progress", "do_c1_u4 - Progress",
            "do_a1 - Score", "do_a2 - Score", "do_a2_s1 - Score", "do_a4 - Score", "Time Spent",
        ])
        self.assertEqual(list(self.sunbird["n01-plain"][0])[20:], ["do_a1 - Score", "do_a2 - Score", "do_a4 - Score"])

    def test_documented_progress(self):
        # 3 of 6; u1 all three; u2 only l1; 7 + 6.5; 12 + 2.5 seconds.
        wanted = dict(progress="50", u1="100", u2="50", u3="", u4="", a1="7", a2="6.5", s1="", a4="", total="13.5")
        self.expect(self.documented, "n01-plain", name="Asha Rao", spent="14.5", certificate="", **wanted)
        self.expect(self.documented, "n02-quote", progress="83", u1="100", u2="100")  # 5 of 6 is 83.3
        # Contents that are gone, optional or only started do not count.
        self.expect(self.documented, "s03-stale", progress="16", u1="33", u2="50")
        self.expect(self.documented, "s04-optional-only", progress="0", u4="")
        self.expect(self.documented, "s05-all-required", progress="100", completed="")
        self.expect(self.documented, "s06-completed-nothing", progress="100", u1="0", u2="0")
        self.expect(self.documented, "s07-nested-node-ids", progress="16", u1="0")  # of four ids only a2 is a leaf
        self.expect(self.documented, "g01-aggregates", u1="66", u2="100", spent="120.5", progress="16")
        self.expect(self.documented, "g02-over", u1="100", u2="50", u3="")
        self.expect(self.documented, "g03-other-batch", u1="33", u2="0", spent="")

    def test_sunbird_progress(self):
        # leafNodesCount is 9; optional contents do not count as done, contents that are gone do.
        percents = {"n01-plain": "33", "n02-quote": "56", "s03-stale": "22", "s05-all-required": "67",
                    "s07-nested-node-ids": "44", "s08-everything": "78", "s06-completed-nothing": "100"}
        for user, percent in percents.items():
            self.expect(self.sunbird, user, progress=percent)

    def test_dates(self):
        for user, documented, sunbird in (
            ("d01-no-date", "", ""),
            ("d02-old-day", "2020-08-25 00:00:00:000+0000", "25/08/2020"),
            ("d03-old-offset", "2020-08-26 04:45:54:150+0000", "25/08/2020"),
            ("d04-both", "2021-03-01 00:00:00:000+0000", "01/03/2021"),
            ("d05-new-empty", "2020-02-29 23:59:59:999+0000", "29/02/2020"),
            ("d08-before-1970", "1969-12-31 23:59:59:999+0000", "31/12/1969"),
            ("d09-unreadable", "", ""),
        ):
            self.expect(self.documented, user, enrolled=documented)
            self.expect(self.sunbird, user, enrolled=sunbird)
        self.expect(self.documented, "d07-offset", completed="2020-08-25 20:30:00:000+0000", progress="100")
        self.expect(self.sunbird, "d07-offset", completed="25/08/2020", progress="100")

    def test_scores(self):
        self.expect(self.sunbird, "a01-tie-later", a1="50%", total="50%")  # 8/16 is the later of two eights
        self.expect(self.sunbird, "a02-tie-no-time", a1="75%", total="75%")  # a missing time comes before 1960
        self.expect(self.sunbird, "a03-tie-id", a1="80%", total="80%")  # "att-2" is after "att-10"
        self.expect(self.documented, "a04-best-latest", a1="9", a2="10", total="19")
        self.expect(self.sunbird, "a04-best-latest", a1="90%", a2="50%", total="64%")  # 19/30 is 63.3
        self.expect(self.documented, "a05-unscored", a1="5", a2="", total="5", spent="30")
        self.expect(self.documented, "a06-unscored-only", a1="", total="", spent="")
        self.expect(self.documented, "a07-other-batch", a1="4", total="4", spent="")
        self.expect(self.documented, "a08-no-assessment", total="", spent="30.25")
        self.expect(self.documented, "a09-small-numbers", a1="0", a2="-1.5", a4="0.3", total="-1.2")
        self.expect(self.sunbird, "a09-small-numbers", a1="0%", a2="-50%", a4="10%", total="-7%")  # ceil of -7.5
        self.expect(self.documented, "a10-extreme-numbers", a1="1" + "0" * 15, a2="0", a4="0.00001")
        self.expect(self.sunbird, "a11-grand-total", a1="34%", a2="", a4="150%", total="120%")  # 171/143 is 119.6
        self.expect(self.sunbird, "a12-grand-total-bad", a1="", a2="", a4="", total="")
        self.expect(self.documented, "a13-thirds", a1="33.333333", a4="1234567.891", total="1234601.224333")
        latest = rows("progress-exhaust-documented-b1+latest.csv")
        self.expect(latest, "a04-best-latest", a1="3", a2="10", total="13")

    def test_certificates(self):
        for user, status in (("c01-old-column", "Issued"), ("c02-empty-lists", ""), ("c03-certstatus", ""),
                             ("c04-issued-and-certstatus", "Issued")):
            self.expect(self.documented, user, certificate=status)
        failed = rows("progress-exhaust-documented-b1+failed-status.csv")
        self.expect(failed, "c03-certstatus", certificate="Failed")
        self.expect(failed, "c04-issued-and-certstatus", certificate="Issued")

    def test_text(self):
        self.expect(self.documented, "n03-lines", name="Line\nfeed CR\r\nLF", state="only\rCR", district="CR\r\nLF")
        self.expect(self.documented, "n04-formula", name="'=1+1 Evil", state="'+SUM(A1:A9)", district="'-2+3")
        wanted = dict(name="'=\u0338x Not a letter", state=",\u0301", district='"\u0301')
        self.expect(self.documented, "n05-combining", **wanted)
        self.expect(self.documented, "n10-blanks", name=" padded name ", state="   ", district=" =1+1 ")
        self.expect(self.documented, "n08-last-empty", name="First")
        self.expect(self.documented, "p01-no-profile", name="", state="", total="5", progress="16")
        boards = {"n01-plain": "CBSE", "n02-quote": "CBSE, not JSON", "n03-lines": "[]", "n05-combining": "[1]",
                  "n04-formula": "'=HYPERLINK(1)", "n07-last-only": ""}
        for user, board in boards.items():
            self.expect(self.sunbird, user, board=board)

    def test_order_and_who_is_in(self):
        users = list(self.documented)
        self.assertEqual(users, sorted(users, key=lambda user: user.encode("utf-8")))
        self.assertEqual(users[:3], ["10", "9", "N-upper"])
        tail = [user for user in users if user.startswith("n-")]
        self.assertEqual(tail, ["n-e\u0301", "n-\u00e9", "n-\uff61", "n-\U0001f600"])
        for user in ("p02-inactive", "p03-inactive-text", "p05-active-null", "p06-active-missing"):
            self.assertNotIn(user, users)
        self.assertIn("p04-active-text", users)


class ResponsesByHand(unittest.TestCase):
    def setUp(self):
        self.documented = rows("response-exhaust-documented-b1.csv")
        self.sunbird = rows("response-exhaust-sunbird-b1.csv")

    def test_options_and_responses(self):
        first = self.documented["r01-latex"][0]
        self.assertEqual(first["Question Options"], (
            '[{"1":"{\\"text\\":\\"A=\\\\\\\\pi r^2\\\\n\\"}"},{"a":"परीक्षा / 数","b":"raw\\nnewline\\tand tab"}]'
        ))
        first = self.sunbird["r01-latex"][0]
        self.assertEqual(first["Question Options"], (
            "[{'1':'{'text':'A=pi r^2'}'},{'a':'परीक्षा / 数','b':'rawnewlinetand tab'}]"
        ))
        self.assertEqual(first["Question Response"], "[{'1':'{'text':'eq'}'}]")
        self.assertEqual(first["Question Title"], "$x \\neq \\nu$, कितना?")

    def test_numbers(self):
        labels = ("Question Duration", "Question Score", "Question Max Score")
        numbers = [cells(row, *labels) for row in self.documented["r01-latex"]]
        wanted = [["2.5", "10000000000", "10000000"], ["0.4", "0.0001", "9999999"], ["1.5", "-0.5", "0.001"]]
        self.assertEqual(numbers, wanted)
        numbers = [cells(row, *labels) for row in self.sunbird["r01-latex"]]
        self.assertEqual(numbers, [["3", "1.0E10", "1.0E7"], ["0", "1.0E-4", "9999999.0"], ["2", "-0.5", "0.001"]])

    def test_order_of_attempts(self):
        attempts = [row["Attempt Id"] + row["Question Id"] for row in self.documented["r05-order"]]
        self.assertEqual(attempts, ["zq9", "zq1", "yq9", "yq1", "cq9", "cq1", "aq9", "aq1", "bq9", "bq1"])
        contents = [row["QuestionSet Id"] for row in self.documented["r04-shared-attempt"]]
        self.assertEqual(contents, ["do_a1", "do_a2"])

    def test_archive(self):
        found = [cells(row, "Attempt Id", "Question Id", "Question Title") for row in self.documented["r07-archive"]]
        self.assertEqual(found, [
            ["att-old", "q1", "old, as text"], ["att-live", "q1", "live"], ["att-live", "q2", "live"],
            ["att-live", "q3", "archive only"], ["att-empty", "", ""],
        ])

    def test_attempts_without_questions(self):
        labels = ("Attempted On", "Question Id", "Question Options", "Question Response")
        self.assertEqual([cells(row, *labels) for row in self.documented["r02-none"]], [
            ["2020-08-26 08:00:00:000+0000", "", "", ""], ["2020-08-26 08:00:01:500+0000", "", "", ""],
        ])
        self.assertEqual([cells(row, *labels) for row in self.sunbird["r02-none"]], [
            ["2020-08-26 08:00:00", "", "null", "null"], ["2020-08-26 08:00:01.5", "", "null", "null"],
        ])

    def test_other_batches_stay_out(self):
        self.assertEqual([row["Attempt Id"] for row in self.documented["a07-other-batch"]], ["att-b1"])


class UserInfoByHand(unittest.TestCase):
    def setUp(self):
        self.documented = rows("userinfo-exhaust-documented-b1.csv")

    def test_who_consented(self):
        consenting = [user for user in self.documented if user.startswith("k")]
        self.assertEqual(consenting, ["k03-far-expiry", "k05-empty-expiry"])
        self.assertEqual(list(rows("userinfo-exhaust-documented-b1@org-custodian.csv")), ["z01-custodian"])

    def test_contact_details(self):
        labels = ("Email ID", "Mobile Number")
        for user, wanted in (
            ("n01-plain", ["asha.rao@example.org", "9876543210"]),
            ("n04-formula", ["'=x@example.org", "'=1+1"]),
            ("n06-scripts", ["आशा@example.org", "+91 98765 43210"]),
            ("x01-plain-email", ["", "9876543210"]),
            ("x02-corrupt", ["", ""]),
            ("x03-other-salt", ["", ""]),
            ("x04-blank", ["", ""]),
            ("x05-forms", ["a.b@example.org", "+919876543212"]),
        ):
            self.assertEqual(cells(self.documented[user][0], *labels), wanted, user)


if __name__ == "__main__":
    unittest.main()
