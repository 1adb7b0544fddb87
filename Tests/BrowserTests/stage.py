"""What every scenario needs: a browser, pages whose faults are noticed, accessibility checks, screenshots."""

import contextlib
import json
import os
import pathlib
import shutil
import sys
import urllib.request

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

import mock_service

ROOT = pathlib.Path(__file__).resolve().parents[2]
ASSETS = ROOT / "Sources/ReportPage/Assets"
SIZES = {"phone": (390, 844), "tablet": (768, 1024), "desktop": (1440, 900)}


class Stage:
    """A browser and, unless another address is given, the stand-in service."""

    def __init__(self, playwright, address=None):
        # As root the sandbox of Chromium cannot be set up; what it loads here is ours.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        program = os.environ.get("BROWSER_PROGRAM") or shutil.which("chromium") or shutil.which("chromium-browser")
        self.browser = playwright.chromium.launch(executable_path=program, args=arguments)
        self.mock = None if address else mock_service.serve(ASSETS)
        self.address = address or f"http://127.0.0.1:{self.mock.server_port}"
        self.faults = []
        self.expected = []
        self.shots = os.environ.get("BROWSER_SCREENSHOTS")

    def set_up(self, **options):
        """Starts the world of the stand-in anew."""
        body = json.dumps(options).encode()
        request = urllib.request.Request(f"{self.address}/mock", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            answer.read()

    @contextlib.contextmanager
    def page(self, path="/", size="desktop", dark=False, calm=False, permissions=()):
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if calm else "no-preference", accept_downloads=True, locale="en-GB", timezone_id="UTC")
        if permissions:
            context.grant_permissions(list(permissions), origin=self.address)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: self.note(message.type, message.text))
        page.on("pageerror", lambda error: self.note("error", str(error)))
        try:
            if path is not None:
                page.goto(self.address + path)
            yield page
        finally:
            context.close()

    def note(self, kind, text):
        """Every error and warning of the console is a fault: scripts, files, and what the policy refused."""
        if kind in ("error", "warning") and not any(part in text for part in self.expected):
            self.faults.append(f"{kind}: {text}")

    @contextlib.contextmanager
    def expecting(self, *parts):
        """Within, console lines with one of these parts are no faults: the browser itself reports answers over 400."""
        self.expected += parts
        try:
            yield
        finally:
            del self.expected[len(self.expected) - len(parts):]

    def check(self, page, name):
        """Accessibility, no sideways scrolling, no hole in the texts; a screenshot where a folder for them is named."""
        results = Axe().run(page)
        for violation in results.response["violations"]:
            for node in violation["nodes"]:
                self.faults.append(f"{name}: axe {violation['id']}: {node['html'][:200]} {node.get('failureSummary', '')}")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            self.faults.append(f"{name}: {overflow} px too wide")
        text = page.inner_text("body")
        for hole in ("undefined", "[object", "NaN", "=>"):
            if hole in text:
                self.faults.append(f"{name}: the text says {hole}")
        if self.shots:
            page.screenshot(path=f"{self.shots}/{name}.png", full_page=page.locator("dialog[open]").count() == 0)


def run(scenario, address=None):
    """Runs a scenario; ends the program with its faults, if there are any."""
    with sync_playwright() as playwright:
        stage = Stage(playwright, address)
        try:
            scenario(stage)
        finally:
            for fault in dict.fromkeys(stage.faults):
                print(fault, file=sys.stderr)
            stage.browser.close()
            if stage.mock:
                stage.mock.shutdown()
    if stage.faults:
        raise SystemExit(1)
