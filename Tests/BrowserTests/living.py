"""What happens while the page is open: events, their interruption, the end of the session, files that are gone, bad answers."""

from playwright.sync_api import expect

import mock_data
import stage
from states import choose_course, ready


def updates_in_place(stage):
    """Progress changes the row without taking the focus away, and is not read out at each step."""
    stage.set_up()
    with stage.page("/") as page:
        ready(page)
        request = stage.mock.RequestHandlerClass.world.requests[1]
        cancel = page.locator("tbody tr").nth(2).get_by_role("button", name="Cancel")
        cancel.focus()
        reading = {"learnersDone": 0, "learnersExpected": 0, "rows": 0, "stretchesDone": 48, "stretchesExpected": 128}
        stage.mock.RequestHandlerClass.world.put(request | {"progress": reading})
        page.get_by_text("Reading the learner data: 37 %").wait_for()
        for done in (35_000, 40_000):
            progress = {"learnersDone": done, "learnersExpected": 48213, "rows": done, "rate": 4000, "etaSeconds": 1}
            stage.mock.RequestHandlerClass.world.put(request | {"progress": progress})
            page.get_by_text(f"{done:,} of 48,213 learners").wait_for()
        if not cancel.evaluate("element => element === document.activeElement"):
            stage.faults.append("an update takes the focus away")
        if page.locator("#announcements").inner_text():
            stage.faults.append(f"progress is read out: {page.locator('#announcements').inner_text()}")
        done = mock_data.with_state(request, "SUCCESS") | {"files": [mock_data.file(0, "01301")], "actions": mock_data.actions("download")}
        stage.mock.RequestHandlerClass.world.put(done)
        expect(page.locator("#announcements")).to_contain_text("Responses: ready to download")
        # Its button is gone; the focus is at the title of the same row.
        if page.evaluate("document.activeElement.textContent") != "Responses":
            stage.faults.append("the focus is lost when the button goes")


def answers_late(stage):
    """A report can be finished before the answer to its request is read; that is older, and must not be shown over it."""
    stage.set_up(lateAnswer=True)
    with stage.page("/") as page:
        ready(page)
        choose_course(page)
        page.get_by_role("radio", name="Monsoon").check()
        page.get_by_role("radio", name="Progress").check()
        page.get_by_role("button", name="Suggest").click()
        page.get_by_role("button", name="Request the report").click()
        page.locator("#new").get_by_text("Progress requested").wait_for()
        expect(page.locator("tbody tr").first).to_contain_text("Ready")


def polls_without_events(stage):
    stage.set_up(silent=True)
    with stage.expecting("503"), stage.page("/") as page:
        ready(page)
        page.get_by_text("Live updates are interrupted").wait_for()
        world = stage.mock.RequestHandlerClass.world
        world.put(mock_data.request(77, "progress-exhaust", "Progress", "SUBMITTED", 0, batches=[{"batchId": "b", "name": "Seen without events"}]))
        page.get_by_text("Seen without events").wait_for()


def session_ends(stage):
    """Nothing of what was shown stays; what was chosen is there again after signing in."""
    stage.set_up(session="oidc")
    with stage.expecting("401"), stage.page("/") as page:
        ready(page)
        choose_course(page)
        page.get_by_role("radio", name="Monsoon").check()
        page.get_by_role("radio", name="Progress").check()
        page.get_by_role("button", name="Suggest").click()
        stage.mock.RequestHandlerClass.world.options = {"session": "oidc-out", "ended": True}
        page.get_by_role("button", name="Request the report").click()
        heading = page.get_by_role("heading", name="Your session has ended")
        heading.wait_for()
        stage.check(page, "session-ended")
        if not heading.evaluate("element => element === document.activeElement"):
            stage.faults.append("the end of the session does not get the focus")
        for word in ("Monsoon", "asha.rao", "Progress"):
            if word in page.inner_text("body"):
                stage.faults.append(f"{word} stays on the screen after the session ended")
        kept = page.evaluate("JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage), document.cookie])")
        if "-" in kept.replace("progress-exhaust", ""):
            stage.faults.append(f"a password may be kept: {kept}")
        stage.set_up(session="oidc")
        page.reload()
        ready(page)
        if not page.get_by_role("radio", name="Monsoon").is_checked():
            stage.faults.append("the choice is lost by signing in again")


def refusals_are_told(stage):
    stage.set_up(gone=True)
    with stage.expecting("404", "status of 500", "ERR_", "Failed to load"), stage.page("/") as page:
        ready(page)
        page.get_by_role("button", name="Download 2.9 MB").first.click()
        page.get_by_role("alert").filter(has_text="it was deleted after 30 days").wait_for()
        page.route("**/v1/preview", lambda route: route.fulfill(status=500, content_type="text/html", body="<h1>proxy</h1>"))
        choose_course(page)
        page.get_by_role("radio", name="Monsoon").check()
        page.get_by_role("radio", name="Progress").check()
        page.get_by_role("button", name="Preview").click()
        page.get_by_text("The service answered with an error (500).").wait_for()
        page.unroute("**/v1/preview")
        page.get_by_role("button", name="Try again").last.click()
        page.locator("dialog table").wait_for()
        page.keyboard.press("Escape")
        page.context.set_offline(True)
        page.get_by_role("button", name="Preview").click()
        page.get_by_text("The service does not answer.").wait_for()


def texts_are_text(stage):
    """Names from the data are never markup."""
    stage.set_up()
    with stage.page("/") as page:
        ready(page)
        name = "<img src=x onerror=alert(1)> & \"quoted\""
        stage.mock.RequestHandlerClass.world.put(mock_data.request(
            78, "progress-exhaust", name, "SUBMITTED", 0, batches=[{"batchId": "b", "name": name}]))
        page.locator("tbody tr").first.get_by_text(name).first.wait_for()
        if page.locator("tbody img").count():
            stage.faults.append("a name became markup")


def insecure_page_says_so(stage):
    with stage.page(None) as page:
        page.add_init_script("Object.defineProperty(globalThis, 'isSecureContext', { value: false })")
        page.goto(stage.address + "/open")
        page.get_by_text("loaded over an insecure connection").wait_for()
        stage.check(page, "open-insecure")
        if page.locator("input").count():
            stage.faults.append("a password can be entered on an insecure page")


def prints(stage):
    stage.set_up()
    with stage.page("/") as page:
        ready(page)
        page.emulate_media(media="print")
        if page.get_by_role("button").count() or not page.get_by_text("Monsoon batch 2026").first.is_visible():
            stage.faults.append("paper shows buttons, or no reports")
        if stage.shots:
            page.screenshot(path=f"{stage.shots}/print.png", full_page=True)


def scenario(stage):
    for part in (updates_in_place, answers_late, polls_without_events, session_ends, refusals_are_told, texts_are_text, insecure_page_says_so, prints):
        part(stage)


if __name__ == "__main__":
    stage.run(scenario)
