// A modal dialog: the browser keeps the focus inside, Escape closes it, and the focus goes back to where it was.
import { button, freshID, make } from "./elements.js";
import { texts } from "/assets/texts/en.js";

/**
 * Opens a dialog with a heading, a body and buttons at its foot; answers it. It is removed when closed. A body that is only
 * read takes the focus itself, so that the keyboard can scroll it.
 */
export function openDialog(heading, body, foot = [], { isSmall = false, isOnlyRead = false, closed = () => {} } = {}) {
  const id = freshID("dialog");
  const dialog = make(
    "dialog", { class: isSmall ? "small-dialog" : "", "aria-labelledby": id },
    make(
      "div", { class: "dialog-frame" },
      make(
        "div", { class: "dialog-head" }, make("h2", { id, tabindex: "-1", text: heading }),
        button(texts.frame.close, "plain compact", () => dialog.close())),
      make("div", { class: "dialog-body", ...(isOnlyRead ? { tabindex: "0", role: "region", "aria-labelledby": id } : {}) }, body), make("div", { class: "dialog-foot" }, foot)));
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
    if (before?.isConnected) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("h2").focus();
  return dialog;
}
