"""Every state of both pages, phone to desktop, light and dark: accessible, within the screen, without holes in the texts."""

import sys

from playwright.sync_api import expect

import archives
import stage


def each(stage, name, prepare, path="/", sizes=("phone", "tablet", "desktop"), darks=(False, True)):
    for size in sizes:
        # Colours do not depend on the width: the middle one is looked at in the light only.
        for dark in darks if size != "tablet" else (False,):
            with stage.page(path, size=size, dark=dark, calm=True) as page:
                prepare(page)
                stage.check(page, f"{name}-{size}{'-dark' if dark else ''}")


def ready(page):
    page.wait_for_selector(".request-table tbody tr, .empty, .failure, #requests .notice")
    page.get_by_role("radio", name="Progress").wait_for()


def choose_course(page, name="Foundational"):
    box = page.get_by_role("combobox")
    box.fill(name)
    expect(page.get_by_role("option")).to_have_count(1)
    box.press("Enter")


def filled(page):
    ready(page)
    choose_course(page)
    page.get_by_role("radio", name="Monsoon").check()
    page.get_by_role("radio", name="Progress").check()
    page.get_by_role("button", name="Suggest").click()


def courses_open(page):
    ready(page)
    page.get_by_role("combobox").click()
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")


def nothing_found(page):
    ready(page)
    page.get_by_role("combobox").fill("zzz")
    page.get_by_text("No course has").first.wait_for()


def by_id(page):
    ready(page)
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("placeholder", "Paste the id of a course or a batch")
    box.fill("light")
    page.get_by_text("Courses cannot be found by name here").first.wait_for()
    box.fill("01301")
    expect(page.get_by_role("option")).to_have_count(1)
    box.press("Enter")
    expect(page.get_by_role("radio", name="Monsoon")).to_be_checked()


def explained(page):
    filled(page)
    page.get_by_text("What it holds").click()
    page.get_by_text("Who is left out").click()


def missing(page):
    ready(page)
    page.get_by_role("button", name="Request the report").click()
    page.get_by_role("alert").filter(has_text="Choose a course").wait_for()


def weak_password(page):
    filled(page)
    page.get_by_label("Password", exact=True).fill("short ")
    page.get_by_role("button", name="Request the report").click()
    page.get_by_role("alert").filter(has_text="keeps the rule").wait_for()


def previewed(page):
    filled(page)
    page.get_by_role("button", name="Preview").click()
    page.locator("dialog table").wait_for()


def empty_preview(page):
    filled(page)
    page.get_by_role("radio", name="Responses").check()
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("There are no rows").wait_for()


def requested(page):
    filled(page)
    page.get_by_role("button", name="Request the report").click()
    page.get_by_text("Progress requested.").first.wait_for()
    page.locator("tbody tr").first.get_by_text("Ready", exact=True).wait_for()


def details(page):
    ready(page)
    page.get_by_role("button", name="3 files").click()
    page.get_by_role("button", name="Details: User information").click()


def again(page):
    ready(page)
    page.get_by_role("button", name="New file: Progress").first.click()
    page.locator("dialog").wait_for()


def receipt(page):
    details(page)
    page.get_by_role("button", name="Receipt").click()
    page.get_by_role("dialog").get_by_text("47,681 rows").first.wait_for()


def older(page):
    ready(page)
    page.get_by_role("button", name="Show older reports").click()
    expect(page.locator("tbody tr:not(.details)")).to_have_count(30)


def signed_out(page):
    page.get_by_role("heading", level=1).wait_for()


def opened(page):
    page.set_input_files("input[type=file]", {"name": "01301_progress_20261121.zip", "mimeType": "application/zip", "buffer": archives.aes()})
    page.get_by_label("Password", exact=True).fill(archives.PASSWORD)
    page.get_by_role("button", name="Open the file").click()
    page.locator(".entries").wait_for()


def wrong(page):
    page.set_input_files("input[type=file]", {"name": "a.zip", "mimeType": "application/zip", "buffer": archives.aes()})
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Open the file").click()
    page.get_by_role("alert").wait_for()


def instructions(page):
    closed = page.locator("details:not([open]) summary")
    while closed.count() > 0:
        closed.first.click()


ONE = {"sizes": ("phone", "desktop"), "darks": (False,)}


def the_list(stage):
    stage.set_up()
    each(stage, "list", ready)
    each(stage, "details", details)
    stage.set_up(old=22)
    each(stage, "older", older, **ONE)
    stage.set_up(requests=False)
    each(stage, "empty", ready)


def the_form(stage):
    stage.set_up()
    each(stage, "filled", filled)
    each(stage, "courses", courses_open, **ONE)
    each(stage, "nothing-found", nothing_found, **ONE)
    each(stage, "explained", explained, **ONE)
    each(stage, "missing", missing, **ONE)
    each(stage, "weak-password", weak_password, **ONE)
    each(stage, "requested", requested, **ONE)
    stage.set_up(byName=False)
    each(stage, "by-id", by_id, **ONE)


def the_dialogs(stage):
    stage.set_up()
    each(stage, "preview", previewed)
    each(stage, "preview-empty", empty_preview, **ONE)
    each(stage, "again", again)
    each(stage, "receipt", receipt)


def the_outside(stage):
    """Before there is a session, and when the service does not work."""
    for session in ("oidc-out", "portal-out", "none-out"):
        stage.set_up(session=session)
        each(stage, session, signed_out, sizes=("phone", "desktop"))
    each(stage, "sign-in-failed", signed_out, path="/mock/sign-in-failed", sizes=("phone", "desktop"))
    stage.set_up(session="oidc")
    each(stage, "signed-in", ready, **ONE)
    # The browser itself writes a line about each answer over 400.
    with stage.expecting("status of 503"):
        stage.set_up(broken=["/v1/requests", "/v1/reports"])
        each(stage, "broken", lambda page: page.get_by_text("cannot be opened").nth(1).wait_for(), **ONE)


def the_opener(stage):
    stage.set_up()
    each(stage, "open", instructions, path="/open")
    each(stage, "open-wrong", wrong, path="/open", **ONE)
    each(stage, "opened", opened, path="/open")


GROUPS = {"list": the_list, "form": the_form, "dialogs": the_dialogs, "outside": the_outside, "open": the_opener}


if __name__ == "__main__":
    for name in sys.argv[1:] or GROUPS:
        stage.run(GROUPS[name])
