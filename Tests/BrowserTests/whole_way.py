"""A newcomer's way with the real program: `exhaust demo`, the page, a report, its file, opened by 7-Zip and by the page.

    python3 whole_way.py PROGRAM
"""

import contextlib
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

from playwright.sync_api import expect

import stage as stages


@contextlib.contextmanager
def demo(program, folder, learners):
    """The demo, serving; stopped at the end as by Ctrl-C."""
    command = [program, "demo", "--learners", str(learners), "--data", f"{folder}/demo", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines = []
            for line in process.stdout:
                lines.append(line)
                if found := re.search(r"The page is at\s+(http\S+)/", line):
                    yield found[1], "".join(lines)
                    break
            else:
                raise SystemExit(f"the demo ended without a page: {''.join(lines)}")
        finally:
            process.send_signal(signal.SIGINT)
            status = process.wait(timeout=30)
    if status != 0:
        raise SystemExit(f"the demo ended with {status}")


def new_file(page, row, folder, password):
    """Downloads what the row has until it is the new file: just after the request it may still show the old one."""
    for _ in range(60):
        row.get_by_text("Ready", exact=True).wait_for(timeout=60_000)
        with page.expect_download() as download:
            row.get_by_role("button", name="Download").click()
        archive = pathlib.Path(folder) / download.value.suggested_filename
        download.value.save_as(archive)
        tried = subprocess.run(["7z", "t", f"-p{password}", str(archive)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if tried.returncode == 0:
            return archive
        page.wait_for_timeout(500)
    raise AssertionError("the new file never came")


def scenario(stage, folder, output):
    with stage.page("/", size="desktop") as page:
        # The reports that the demo made are there.
        expect(page.locator("tbody tr:not(.details)")).to_have_count(4)
        stage.check(page, "way-1-start")
        page.get_by_role("combobox").fill("light, water")
        expect(page.get_by_role("option")).to_have_count(1)
        page.keyboard.press("Enter")
        page.get_by_role("radio", name="Sample batch, all learners").check()
        page.get_by_role("radio", name="Progress").check()
        page.get_by_text("What it holds").click()
        page.get_by_role("button", name="Suggest").click()
        password = page.get_by_label("Password", exact=True).input_value()
        stage.check(page, "way-2-chosen")
        page.get_by_role("button", name="Preview").click()
        page.locator("dialog table tbody tr").first.wait_for()
        expect(page.locator("dialog table tbody tr")).to_have_count(20)
        stage.check(page, "way-3-preview")
        page.get_by_role("button", name="Request this report").click()
        # Another password makes the ended request of the same day anew, in its own row.
        page.get_by_text("requested.").first.wait_for()
        row = page.locator("tbody tr:not(.details)").first
        row.get_by_text("Ready", exact=True).wait_for(timeout=60_000)
        stage.check(page, "way-4-ready")
        # A new file with another password; the old one does not open it.
        forgotten = password
        row.get_by_role("button", name="New file").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Suggest").click()
        password = dialog.get_by_label("Password", exact=True).input_value()
        dialog.get_by_role("button", name="Make a new file").click()
        dialog.wait_for(state="detached")
        archive = new_file(page, row, folder, password)
        row.get_by_role("button", name="Details").click()
        page.get_by_text("Receipt").first.wait_for()
        stage.check(page, "way-5-details")
        unpacked = pathlib.Path(folder) / "unpacked"
        subprocess.run(["7z", "x", f"-p{password}", f"-o{unpacked}", str(archive)], check=True, stdout=subprocess.DEVNULL)
        tried = subprocess.run(["7z", "t", f"-p{forgotten}", str(archive)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if tried.returncode == 0:
            stage.faults.append("the new file opens with the old password")
        by_page = opened_by_page(stage, page, archive, password)
    for path in unpacked.iterdir():
        if by_page.get(path.name) != path.read_bytes():
            stage.faults.append(f"{path.name}: the page and 7-Zip do not unpack the same bytes")
    if sorted(by_page) != sorted(path.name for path in unpacked.iterdir()) or len(by_page) != 3:
        stage.faults.append(f"not the three files of a report: {sorted(by_page)}")
    if password in output:
        stage.faults.append("the demo knows a password that was made in the browser")


def opened_by_page(stage, page, archive, password):
    page.get_by_role("link", name="Open a file").click()
    page.set_input_files("input[type=file]", archive)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Open the file").click()
    page.locator(".entries").wait_for(timeout=60_000)
    stage.check(page, "way-6-opened")
    contents = {}
    for button in page.get_by_role("button", name=re.compile("^Save ")).all():
        with page.expect_download() as download:
            button.click()
        contents[download.value.suggested_filename] = pathlib.Path(download.value.path()).read_bytes()
    return contents


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, demo(sys.argv[1], folder, 400) as (address, output):
        stages.run(lambda stage: scenario(stage, folder, output), address)
