// A box that tells what happened, what to do, and who can mend it.
import { make, button } from "./elements.js";
import { texts } from "/assets/texts/en.js";

/** A box of a kind (`bad`, `wait`, `good`). An alert is read out at once; use it for what the user just caused. */
export function notice(kind, title, lines = [], { isAlert = false } = {}) {
  return make(
    "div", { class: `notice ${kind}`, role: isAlert ? "alert" : null },
    make("strong", { text: title }), lines.filter(Boolean).map((text) => make("p", { class: "small", text })));
}

/** A box for a `Problem`; a fault of the service is told with the reference that its log has. */
export function problemNotice(problem, { isAlert = true, retry = null } = {}) {
  const reference = problem.status >= 500 && problem.reference ? texts.trouble.reference(problem.reference) : "";
  const box = notice("bad", problem.message, [...problem.details, problem.mender, reference], { isAlert });
  if (retry) box.append(make("div", {}, button(texts.frame.tryAgain, "compact", retry)));
  return box;
}

/** Grey bars in place of what is being loaded. */
export function skeleton() {
  return make(
    "div", { class: "skeleton", role: "status" },
    make("span"), make("span"), make("span"), make("p", { class: "unseen", text: texts.frame.loading }));
}
