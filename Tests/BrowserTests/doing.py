"""What people do with the list and their session: older requests, receipts, files of other programs, changed policies, signing out."""

import json
import pathlib
import re

from playwright.sync_api import expect

import mock_data
import stage
from states import choose_course, details, ready

ROWS = "tbody tr:not(.details)"


def world(stage):
    return stage.mock.RequestHandlerClass.world


def old_requests_are_reachable(stage):
    """More than one answer of the service holds; what was read is read anew, and what is gone goes."""
    stage.set_up(old=240)
    with stage.page("/") as page:
        ready(page)
        expect(page.locator(ROWS)).to_have_count(25)
        older = page.get_by_role("button", name="Show older reports")
        shown = 25
        while shown < 248:
            shown = min(shown + 50, 248)
            older.focus()
            page.keyboard.press("Enter")
            expect(page.locator(ROWS)).to_have_count(shown)
        expect(older).to_be_hidden()
        expect(page.locator(ROWS).last).to_contain_text("Old batch 239")
        # The button went with the last of them; the focus is at the first that came.
        if page.evaluate("document.activeElement.className") != "request-title":
            stage.faults.append(f"the focus is lost with the button: {page.evaluate('document.activeElement.outerHTML')[:100]}")
        world(stage).drop(f"{2000 + 239:032X}")
        world(stage).drop(f"{2000:032X}")
        look_again(page)
        expect(page.locator(ROWS)).to_have_count(246)
        expect(page.get_by_text("Old batch 239")).to_have_count(0)
        expect(page.get_by_text("Old batch 238", exact=True)).to_have_count(1)
        stage.check(page, "list-long")


def answers_without_a_cursor(stage):
    """A service that tells of no more has no more."""
    stage.set_up(old=3)
    with stage.page(None) as page:
        def without(route):
            answer = route.fetch()
            told = answer.json()
            del told["next"]
            route.fulfill(response=answer, json=told)

        page.route("**/v1/requests?*", without)
        page.goto(stage.address)
        ready(page)
        expect(page.locator(ROWS)).to_have_count(11)
        expect(page.get_by_role("button", name="Show older reports")).to_be_hidden()


def nothing_to_see_at_first(stage):
    """Behind very many requests of others the service ends a page early: there may be more all the same."""
    stage.set_up()
    with stage.page(None) as page:
        page.route("**/v1/requests?limit=25", lambda route: route.fulfill(json={"requests": [], "next": "far"}))
        page.goto(stage.address)
        page.get_by_text("None of the newest requests").wait_for()
        stage.check(page, "list-far")
        page.get_by_role("button", name="Show older reports").click()
        expect(page.locator(ROWS)).to_have_count(8)
        expect(page.get_by_text("None of the newest requests")).to_have_count(0)


def set_hidden(page, is_hidden):
    page.evaluate(
        """(isHidden) => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
          Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (isHidden ? "hidden" : "visible") });
          document.dispatchEvent(new Event("visibilitychange"));
        }""", is_hidden)


def look_again(page):
    set_hidden(page, True)
    set_hidden(page, False)


def listeners(stage, count):
    with world(stage).changed:
        # The stand-in notices a stream that was left when it next writes to it.
        return world(stage).changed.wait_for(lambda: world(stage).listeners == count, 10)


def hidden_tabs_listen_to_nothing(stage):
    """A browser opens six connections to one place; a tab in the background keeps none of them."""
    stage.set_up()
    with stage.page("/") as page:
        ready(page)
        if not listeners(stage, 1):
            stage.faults.append("the page does not listen to events")
        set_hidden(page, True)
        if not listeners(stage, 0):
            stage.faults.append("a hidden page keeps its stream of events")
        world(stage).put(mock_data.request(90, "progress-exhaust", "Progress", "SUBMITTED", 0, batches=[{"batchId": "b", "name": "While away"}]))
        set_hidden(page, False)
        page.get_by_text("While away").wait_for()
        if not listeners(stage, 1):
            stage.faults.append("a page that is seen again does not listen to events")
        world(stage).put(mock_data.request(91, "progress-exhaust", "Progress", "SUBMITTED", 0, batches=[{"batchId": "b", "name": "By an event"}]))
        page.get_by_text("By an event").wait_for()


def signed_out_pages_are_quiet(stage):
    """A session that ended before the list came leaves nothing that asks again and again."""
    stage.set_up(session="oidc", ended=True)
    with stage.expecting("401"), stage.page(None) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.clock.install()
        page.goto(stage.address)
        page.get_by_role("heading", name="Your session has ended").wait_for()
        page.wait_for_load_state("networkidle")
        before = len(asked)
        page.clock.run_for(60_000)
        page.wait_for_load_state("networkidle")
        if any("/v1/events" in url for url in asked) or len(asked) > before:
            stage.faults.append(f"the signed-out page goes on asking: {asked[before:] or asked}")


def signing_out(stage):
    """Goes on to the provider, whose session else signs the next person in."""
    for target, heading in (("/mock/provider?client_id=exhaust", "Signed out of the provider"), (None, "Sign in to get")):
        stage.set_up(session="oidc", continueAt=target)
        with stage.page("/") as page:
            ready(page)
            if target is None:
                page.route("**/v1/session", lambda route: route.fulfill(json=mock_data.session("oidc-out")))
            page.get_by_role("button", name="Sign out").click()
            page.get_by_role("heading", name=heading).wait_for()
            if target and not page.url.endswith(target):
                stage.faults.append(f"signing out leads to {page.url}")


def portals_with_a_query(stage):
    for address, expected in (
        ("https://portal.example/sso?x=1", r"https://portal\.example/sso\?x=1&returnTo=%2F"),
        ("https://portal.example/", r"https://portal\.example/\?returnTo=%2F"), ("/v1/sign-in", r".*/v1/sign-in\?returnTo=%2F"),
    ):
        stage.set_up(session="portal-out", signInPath=address)
        with stage.page("/") as page:
            link = page.get_by_role("link", name="Sign in", exact=True)
            found = link.evaluate("element => element.href")
            if not re.fullmatch(expected, found):
                stage.faults.append(f"the portal is asked by {found}")


def unknown_sizes(stage):
    """What nobody knows is left out; it is not nothing."""
    stage.set_up()
    with stage.page("/") as page:
        ready(page)
        world(stage).put(mock_data.foreign(92))
        row = page.locator(ROWS).filter(has_text="Task details")
        button = row.get_by_role("button", name="Download: Task details")
        expect(button).to_have_text("Download")
        row.get_by_role("button", name="Details:").click()
        expect(page.locator(".files li").first).to_contain_text("tasks.csv")
        expect(page.get_by_role("button", name="Receipt")).to_have_count(0)
        if "0 bytes" in page.inner_text("body") or "0 rows" in page.inner_text("body"):
            stage.faults.append("a file of unknown size is shown as empty")
        # A new file is being made: the one from before keeps its size and can be had.
        old = next(r for r in world(stage).requests if r["requestId"] == f"{3:032X}")
        waiting = mock_data.with_state(old, "SUBMITTED") | {"actions": mock_data.actions("download", "cancel")}
        world(stage).put(waiting)
        page.get_by_text("The file from before can be had until the new one is ready.").wait_for()
        expect(page.locator(ROWS).filter(has_text="until the new one").get_by_role("button", name="Download")).to_have_text("Download 2.9 MB")
        stage.check(page, "unknown-sizes")


def receipts_can_be_read(stage):
    stage.set_up()
    with stage.page("/") as page:
        details(page)
        page.get_by_role("button", name="Receipt").click()
        dialog = page.get_by_role("dialog")
        for words in ("47,681 rows", "of 48,213 learners", "412: enrolment is not active", "2: said by the service alone", "Batch 3"):
            dialog.get_by_text(words).first.wait_for()
        with page.expect_download() as download:
            dialog.get_by_role("button", name="Save as JSON").click()
        saved = json.loads(pathlib.Path(download.value.path()).read_text())
        if len(saved["receipts"]) != 3 or download.value.suggested_filename != f"receipt-{6:032X}.json":
            stage.faults.append(f"the saved receipt is another: {download.value.suggested_filename}")


def changed_policies(stage):
    """A report that was protected after the page was loaded gets its password, without a reload."""
    stage.set_up()
    with stage.expecting("400"), stage.page("/") as page:
        ready(page)
        report = "assessment-score-report"
        row = page.locator(ROWS).filter(has_text="Assessment scores")
        world(stage).options = {"protected": [report]}
        row.get_by_role("button", name="New file").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("now needs a password").wait_for()
        stage.check(page, "again-changed")
        dialog.get_by_role("button", name="Suggest").click()
        dialog.get_by_role("button", name="Make a new file").click()
        dialog.wait_for(state="detached")
        row.get_by_text("Next in line").wait_for()
    stage.set_up()
    with stage.expecting("400"), stage.page("/") as page:
        ready(page)
        choose_course(page)
        page.get_by_role("radio", name="Monsoon").check()
        page.get_by_role("radio", name="Assessment scores").check()
        page.get_by_text("This report needs no password here.").wait_for()
        world(stage).options = {"protected": [report]}
        page.get_by_role("button", name="Request the report").click()
        page.get_by_role("alert").filter(has_text="Password: it is missing").wait_for()
        page.get_by_role("button", name="Suggest").click()
        page.get_by_role("button", name="Request the report").click()
        page.get_by_text("Assessment scores requested.").first.wait_for()


def toggles_say_what_they_do(stage):
    stage.set_up()
    for path in ("/", "/open"):
        with stage.page(path) as page:
            if path == "/":
                ready(page)
                page.get_by_role("radio", name="Progress").check()
            toggle = page.get_by_role("button", name="Show the password")
            toggle.click()
            hide = page.get_by_role("button", name="Hide the password")
            expect(hide).to_have_text("Hide")
            if hide.get_attribute("aria-pressed") is not None or page.get_by_label("Password", exact=True).get_attribute("type") != "text":
                stage.faults.append(f"{path}: the toggle says two things at once")
            hide.click()
            expect(toggle).to_have_text("Show")


def words_are_ours(stage):
    """What the service tells by codes is worded by the texts; what has no words there is shown as it was told."""
    stage.set_up()
    with stage.page("/") as page:
        ready(page)
        page.get_by_text("Your roles do not allow this report.").wait_for()
        page.get_by_text("Something that the service needs does not answer").first.wait_for()
        page.get_by_text("User cache: it does not answer").wait_for()
        choose_course(page)
        page.get_by_role("radio", name="Monsoon").check()
        page.get_by_role("radio", name="Progress").check()
        page.get_by_text("What it holds").click()
        page.get_by_text("Identifier of the learner, made by the platform").wait_for()
        # Columns of the course itself: what all reports have beside them is known before a course is chosen.
        page.get_by_text("What it holds: 8 columns").wait_for()
        page.get_by_text("do_21308 - Score (points)").wait_for()
        page.get_by_text("Told by the service alone").wait_for()
        page.get_by_role("button", name="Change the course").click()
        page.get_by_text("What it holds: 7 columns").wait_for()
        if not page.get_by_text("Identifier of the learner, made by the platform").is_visible():
            stage.faults.append("the columns close when another course is chosen")


def scripts_switched_off(stage):
    context = stage.browser.new_context(java_script_enabled=False)
    for path in ("/", "/open"):
        page = context.new_page()
        page.goto(stage.address + path)
        if "This page needs JavaScript" not in page.inner_text("body") or "{{" in page.content():
            stage.faults.append(f"{path} without scripts says: {page.inner_text('body')}")
    context.close()


PARTS = (
    old_requests_are_reachable, answers_without_a_cursor, nothing_to_see_at_first, hidden_tabs_listen_to_nothing, signed_out_pages_are_quiet, signing_out,
    portals_with_a_query, unknown_sizes, receipts_can_be_read, changed_policies, toggles_say_what_they_do, words_are_ours,
    scripts_switched_off,
)


def scenario(stage):
    for part in PARTS:
        try:
            part(stage)
        except BaseException:
            stage.faults.append(f"in {part.__name__}")
            raise


if __name__ == "__main__":
    stage.run(scenario)
