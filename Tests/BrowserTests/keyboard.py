"""The whole way with the keyboard alone: nothing here touches a mouse. The focus is always somewhere that can be seen."""

import stage

FOCUS = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const ringed = element.matches("input[type=radio]") ? getComputedStyle(element.closest(".choice")) : element.matches("input[type=file]") ? getComputedStyle(document.querySelector(".drop .button")) : style;
  return {
    name: element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent.trim().slice(0, 60),
    tag: element.tagName, role: element.getAttribute("role") || element.type || "",
    isVisible: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    hasRing: ringed.outlineStyle !== "none" && parseFloat(ringed.outlineWidth) >= 2,
  };
}"""


class Keyboard:
    def __init__(self, stage, page):
        self.stage, self.page = stage, page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    def where(self):
        return self.page.evaluate(FOCUS)

    def tab_to(self, words, role=None, limit=60):
        """Goes on with Tab until the focus is on something of that name; every stop on the way has to be visible."""
        passed = []
        for _ in range(limit):
            self.press("Tab")
            here = self.where()
            passed.append(here["name"])
            if here["tag"] != "BODY" and not (here["isVisible"] and here["hasRing"]):
                self.stage.faults.append(f"the focus cannot be seen: {here}")
            if words in here["name"] and (role is None or role in (here["role"], here["tag"])):
                return
        raise SystemExit(f"Tab never comes to {words}: {passed}")


def scenario(stage):
    stage.set_up()
    with stage.page("/") as page:
        keyboard = Keyboard(stage, page)
        page.get_by_role("radio", name="Progress").wait_for()
        page.locator(".request-table").wait_for()
        keyboard.tab_to("Skip to the content")
        keyboard.press("Enter")
        keyboard.tab_to("Course", role="combobox")
        keyboard.type("found")
        page.get_by_role("option", name="Foundational").wait_for()
        page.get_by_role("option").nth(1).wait_for(state="detached")
        keyboard.press("ArrowDown", "Enter")
        page.get_by_role("radio", name="Monsoon").wait_for()
        expect_focus(stage, keyboard, "Change the course")
        keyboard.tab_to("Monsoon")
        keyboard.press("Space")
        # What may not be chosen is reached and says why, but is not chosen.
        keyboard.press("ArrowDown", "ArrowDown")
        expect_focus(stage, keyboard, "Pilot")
        if page.get_by_role("radio", name="Pilot").is_checked():
            stage.faults.append("a batch of another mentor can be chosen")
        keyboard.press("ArrowUp", "ArrowUp")
        keyboard.tab_to("Progress")
        keyboard.press("Space")
        keyboard.tab_to("Suggest a strong one")
        keyboard.press("Enter")
        password = page.get_by_label("Password", exact=True).input_value()
        keyboard.tab_to("Preview")
        keyboard.press("Enter")
        page.locator("dialog table").wait_for()
        expect_focus(stage, keyboard, "Preview: Progress", needs_ring=False)
        # The focus stays in the dialog; Escape leads back to where it came from.
        for _ in range(8):
            keyboard.press("Tab")
            inside = page.evaluate("document.activeElement === document.body || document.querySelector('dialog').contains(document.activeElement)")
            if not inside:
                stage.faults.append(f"the focus leaves the dialog for {keyboard.where()}")
        keyboard.press("Escape")
        expect_focus(stage, keyboard, "Preview")
        keyboard.press("Shift+Tab", "Enter")
        row = page.locator("tbody tr").first
        row.get_by_text("Ready", exact=True).wait_for()
        if page.get_by_label("Password", exact=True).input_value() != password:
            stage.faults.append("the password is gone before anybody could copy it")
        keyboard.tab_to("Download 2.9 MB")
        with page.expect_download() as download:
            keyboard.press("Enter")
        if download.value.suggested_filename != "report.zip":
            stage.faults.append(f"the download is called {download.value.suggested_filename}")
        keyboard.tab_to("Details")
        keyboard.press("Enter")
        expect_focus(stage, keyboard, "Hide details")
        # Cancelling takes the button away: the focus goes to the title of the row.
        keyboard.tab_to("Cancel: Progress")
        keyboard.press("Enter")
        page.get_by_role("button", name="New file: Progress").nth(1).wait_for()
        page.locator("tbody tr").filter(has_text="Cancelled").first.wait_for()


def expect_focus(stage, keyboard, words, needs_ring=True):
    here = keyboard.where()
    if words not in here["name"] or (needs_ring and not here["hasRing"]):
        stage.faults.append(f"the focus is not on {words} but {here}")


if __name__ == "__main__":
    stage.run(scenario)
