"""The page that opens files: every kind of zip file, the same bytes as the content; wrong passwords and damage told."""

import pathlib
import subprocess
import tempfile
import time

import archives
import stage
from archives import CSV, PASSWORD


def choose(page, name, content, password):
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "application/zip", "buffer": content} if isinstance(content, bytes) else content)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Open the file").click()


def opened(stage, page, name, content, password=PASSWORD, verdict="nothing was altered"):
    """Opens, saves the CSV, compares; then starts over."""
    choose(page, name, content, password)
    try:
        page.wait_for_selector(".entries", timeout=60_000)
    except Exception:
        # There is no way on from here.
        raise SystemExit(f"{name}: not opened: {page.inner_text('main')[:400]}") from None
    if verdict not in page.inner_text(".notice"):
        stage.faults.append(f"{name}: {page.inner_text('.notice')}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save 01301_progress.csv").click()
    if pathlib.Path(download.value.path()).read_bytes() != CSV:
        stage.faults.append(f"{name}: the saved bytes are others")
    if page.locator("table.rows tbody tr").count() != 20:
        stage.faults.append(f"{name}: the first rows are not shown")
    page.get_by_role("button", name="Open another file").click()


def refused(stage, page, name, content, words, password=PASSWORD):
    choose(page, name, content, password)
    page.wait_for_selector(".notice.bad, .entries")
    told = page.inner_text("section.panel >> nth=0")
    if words not in told or page.locator(".entries").count():
        raise SystemExit(f"{name}: {told}")


def kinds(folder):
    yield "aes256.zip", archives.aes(), "nothing was altered"
    yield "aes192.zip", archives.aes(192), "nothing was altered"
    yield "aes128-ae1.zip", archives.aes(128, force_ae=1), "nothing was altered"
    yield "ae2.zip", archives.aes(force_ae=2), "nothing was altered"
    yield "stored.zip", archives.aes(method=archives.pyzipper.ZIP_STORED), "nothing was altered"
    yield "zip64.zip", archives.aes(zip64=True), "nothing was altered"
    yield "by-7zip-aes.zip", archives.by_7zip(folder, "AES256"), "nothing was altered"
    yield "by-7zip-old.zip", archives.by_7zip(folder, "ZipCrypto"), "cannot show whether"
    yield "plain.zip", archives.plain(), "not encrypted"
    yield "container.zip", archives.container(), "report was not altered"
    yield "container-without-code.zip", archives.container(comment=False), "cannot show whether"


def damage():
    good = archives.aes()
    start, end = archives.content_range(good)
    yield "altered.zip", archives.flipped(good, (start + end) // 2), "damaged or was altered"
    yield "altered-tag.zip", archives.flipped(good, end - 1), "damaged or was altered"
    yield "cut-off.zip", good[: len(good) // 2], "not a zip file"
    yield "no-zip.zip", b"PK\x03\x04 but nothing more of a zip file", "not a zip file"
    yield "empty.zip", b"", "not a zip file"
    yield "moved-directory.zip", good[:50] + good[51:], "damaged or was altered"
    plain = archives.plain()
    yield "altered-plain.zip", archives.flipped(plain, sum(archives.content_range(plain)) // 2), "damaged or was altered"
    yield "altered-container.zip", archives.container(alter=5000), "damaged or was altered"
    yield "public-key.zip", archives.container(level="PUBLIC_KEY"), "organisation’s key"


def scenario(stage):
    with tempfile.TemporaryDirectory() as folder, stage.page("/open") as page:
        page.wait_for_selector("input[type=file]", state="attached")
        page.wait_for_load_state("networkidle")
        # From here on there is no connection: all that is needed has been loaded.
        page.context.set_offline(True)
        with stage.expecting("ERR_INTERNET_DISCONNECTED"):
            for name, content, verdict in kinds(pathlib.Path(folder)):
                opened(stage, page, name, content, verdict=verdict)
            good = archives.aes()
            refused(stage, page, "wrong.zip", good, "password is wrong", password="not the password")
            refused(stage, page, "none.zip", good, "needs a password", password="")
            refused(stage, page, "container-wrong.zip", archives.container(), "password is wrong", password="not it")
            for name, content, words in damage():
                refused(stage, page, name, content, words)
            # After all that was refused, a good file still opens.
            opened(stage, page, "again.zip", good)
    speed(stage, 256)


def speed(stage, mebibytes):
    """A large file by way of the disk, as a user would choose it; the figure is printed."""
    with tempfile.TemporaryDirectory() as name, stage.page("/open") as page:
        folder = pathlib.Path(name)
        content = archives.large(mebibytes)
        (folder / "01301_progress.csv").write_bytes(content)
        subprocess.run(["7z", "a", "-mx1", f"-p{PASSWORD}", "-mem=AES256", "large.zip", "01301_progress.csv"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        size = (folder / "large.zip").stat().st_size
        page.wait_for_selector("input[type=file]", state="attached")
        begun = time.monotonic()
        choose(page, "large", folder / "large.zip", PASSWORD)
        page.wait_for_selector(".entries", timeout=120_000)
        checked = time.monotonic()
        # The file picker is the browser's own and cannot be driven; without it the page makes a download.
        page.evaluate("delete globalThis.showSaveFilePicker; delete Window.prototype.showSaveFilePicker")
        with page.expect_download(timeout=120_000) as download:
            page.get_by_role("button", name="Save 01301_progress.csv").click()
        saved = time.monotonic()
        if pathlib.Path(download.value.path()).read_bytes() != content:
            stage.faults.append("large.zip: the saved bytes are others")
        print(
            f"checked {size / 1e6:.0f} MB in {checked - begun:.1f} s ({size / 1e6 / (checked - begun):.0f} MB/s), "
            f"decrypted and saved as {len(content) / 1e6:.0f} MB in {saved - checked:.1f} s ({size / 1e6 / (saved - checked):.0f} MB/s)")


if __name__ == "__main__":
    stage.run(scenario)
