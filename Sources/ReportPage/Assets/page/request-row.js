// One request in the table. Its elements are made once and changed in place, so that neither focus nor reading place is lost.
import { announce, button, freshID, make, setAttribute, setText } from "./elements.js";
import { again, cancel, download } from "./request-actions.js";
import { requestDetails } from "./request-details.js";
import { exactMoment, moment } from "./format.js";
import {
  batchesOf, explanation, failureLines, isEnded, leftOutText, noteText, progressText, requesterOf, sizeOf, stateOf,
} from "./request-words.js";
import { problemNotice } from "./notice.js";
import { reportTitle } from "./wording.js";
import { texts } from "/assets/texts/en.js";

const words = texts.requests;
const shownNotes = 2;

export class RequestRow {
  #perform;
  #buttons = new Map();
  #notes = "";

  /** `perform` is given what is to be done, which is answered with the request as it is then, and does it. */
  constructor(request, perform) {
    this.#perform = perform;
    const id = freshID("request");
    this.title = make("span", { class: "request-title", tabindex: "-1" });
    this.place = make("span", { class: "small quiet" });
    this.who = make("span");
    this.when = make("time", { class: "small quiet" });
    this.pill = make("span", { class: "pill" });
    this.bar = make("progress", { max: "100", hidden: true });
    this.line = make("span", { class: "small figures" });
    this.more = make("div", { class: "small" });
    this.messages = make("div");
    this.actions = make("div", { class: "request-actions" });
    this.detailsBox = make("div", { class: "details-box", id: `${id}-details` });
    this.detailsCell = make("td", { role: "cell", colspan: "4" }, this.detailsBox);
    this.details = make("tr", { class: "details", role: "row", hidden: true }, this.detailsCell);
    this.detailsButton = button(words.details, "plain compact", () => this.#toggle(this.details.hidden), {
      "aria-expanded": "false", "aria-controls": `${id}-details`,
    });
    this.element = make(
      "tr", { role: "row" },
      make("th", { scope: "row", role: "rowheader" }, make("div", { class: "cell" }, this.title, this.place)),
      make("td", { role: "cell" }, make("div", { class: "cell request-asked" }, this.who, this.when)),
      make("td", { role: "cell" }, make("div", { class: "cell state" }, this.pill, this.bar, this.line, this.more, this.messages)),
      make("td", { role: "cell" }, this.actions));
    this.update(request);
  }

  /** Shows `request` as it is now; says to screen readers only that its state is another. */
  update(request) {
    const before = this.request;
    this.request = request;
    this.name = reportTitle(request.report, request.reportTitle);
    setText(this.title, this.name);
    setText(this.place, batchesOf(request));
    setText(this.who, requesterOf(request));
    setText(this.when, moment(request.submittedAt));
    setAttribute(this.when, "datetime", request.submittedAt);
    setAttribute(this.when, "title", exactMoment(request.submittedAt));
    const state = stateOf(request);
    setText(this.pill, state.text);
    setAttribute(this.pill, "class", `pill ${state.kind}`.trim());
    setText(this.line, explanation(request));
    this.#progress();
    this.#sayMore();
    this.#offerActions();
    if (!this.details.hidden) this.#fillDetails();
    if (before && before.state !== request.state) announce(words.announce[request.state]?.(this.name) || state.text);
  }

  #progress() {
    const { progress, state } = this.request;
    this.bar.hidden = state !== "PROCESSING";
    setAttribute(this.bar, "aria-label", words.progressLabel(this.name));
    setAttribute(this.bar, "aria-valuetext", progressText(progress));
    if (progress?.learnersExpected) this.bar.value = (100 * (progress.learnersDone || 0)) / progress.learnersExpected;
    else if (progress?.stretchesExpected) this.bar.value = (100 * progress.stretchesDone) / progress.stretchesExpected;
    else this.bar.removeAttribute("value");
  }

  #sayMore() {
    const { failure, leftOut = [], findings = [], files = [], state, willRetry } = this.request;
    const signature = JSON.stringify([failure, leftOut, findings, state, willRetry, files.length]);
    if (signature === this.#notes) return;
    this.#notes = signature;
    const parts = [];
    if (failure && state !== "SUCCESS") {
      const [what, told, remedy, mender] = failureLines(failure);
      if (willRetry) parts.push(make("p", { class: "quiet", text: words.lastAttempt([what, told].filter(Boolean).join(". ")) }));
      else {
        parts.push(make(
          "div", { class: "failure" }, make("strong", { text: what }),
          [told, remedy].filter(Boolean).map((text) => make("span", { text })), make("span", { class: "quiet", text: mender })));
      }
    }
    if (state === "SUCCESS") parts.push(...this.#notesOf(leftOut, findings));
    else if (files.length) parts.push(make("p", { class: "quiet", text: isEnded(this.request) ? words.oldFileStays : words.oldFile }));
    this.more.replaceChildren(...parts);
  }

  /** Who was left out and why, and the findings that matter; all of them are among the details. */
  #notesOf(leftOut, findings) {
    const warnings = findings.filter((finding) => finding.severity === "warning");
    const hidden = [leftOut, warnings].reduce((sum, notes) => sum + Math.max(0, notes.length - shownNotes), 0);
    const list = (title, notes) => (notes.length === 0 ? [] : [
      title ? make("span", { text: title }) : null,
      make("ul", { class: "left-out quiet" }, notes.slice(0, shownNotes).map((note) => make("li", { text: noteText(note) }))),
    ]);
    return [
      ...list(leftOutText(this.request), leftOut), ...list(words.facts.findings, warnings),
      hidden > 0 ? make("span", { class: "quiet", text: words.moreNotes(hidden) }) : null,
    ].filter(Boolean);
  }

  #offerActions() {
    const { actions = {}, files = [] } = this.request;
    const wanted = [];
    if (actions.download && files.length === 1) wanted.push(["download", words.download(sizeOf(files)), "primary", (pressed) => this.#download(files[0], pressed)]);
    if (actions.download && files.length > 1) wanted.push(["files", words.downloadFiles(files.length, sizeOf(files)), "primary", () => this.#toggle(true)]);
    if (actions.retry) wanted.push(["retry", words.retry, "", () => again("retry", this.request, this.#perform)]);
    if (actions.fresh) wanted.push(["fresh", words.fresh, "", () => again("fresh", this.request, this.#perform)]);
    if (actions.cancel) wanted.push(["cancel", words.cancel, "", () => this.#perform(() => cancel(this.request))]);
    const hadFocus = this.actions.contains(document.activeElement) ? document.activeElement : null;
    const elements = wanted.map(([name, text, kind, act]) => this.#button(name, text, kind, act));
    setAttribute(this.detailsButton, "aria-label", words.actionLabel(this.details.hidden ? words.details : words.hideDetails, this.name, batchesOf(this.request)));
    elements.push(this.detailsButton);
    if (elements.length !== this.actions.childElementCount || elements.some((element, index) => element !== this.actions.children[index])) {
      this.actions.replaceChildren(...elements);
      if (hadFocus) (hadFocus.isConnected ? hadFocus : this.title).focus();
    }
  }

  #button(name, text, kind, act) {
    let made = this.#buttons.get(name);
    if (!made) {
      made = button(text, `${kind} compact`.trim(), () => this.#act(made));
      this.#buttons.set(name, made);
    }
    made.act = act;
    setText(made, text);
    setAttribute(made, "aria-label", words.actionLabel(text, this.name, batchesOf(this.request)));
    return made;
  }

  async #act(pressed) {
    if (pressed.getAttribute("aria-busy")) return;
    setAttribute(pressed, "aria-busy", "true");
    this.messages.replaceChildren();
    try {
      await pressed.act(pressed);
    } catch (problem) {
      if (!problem.isSignedOut) this.messages.replaceChildren(problemNotice(problem));
    } finally {
      setAttribute(pressed, "aria-busy", null);
    }
  }

  #download(file) {
    return download(this.request, file);
  }

  #toggle(isOpen) {
    this.details.hidden = !isOpen;
    this.element.classList.toggle("has-details", isOpen);
    setAttribute(this.detailsButton, "aria-expanded", String(isOpen));
    setText(this.detailsButton, isOpen ? words.hideDetails : words.details);
    if (isOpen) this.#fillDetails();
    this.#offerActions();
  }

  #fillDetails() {
    const shown = JSON.stringify(this.request);
    if (this.shownDetails === shown) return;
    this.shownDetails = shown;
    this.detailsBox.replaceChildren(...requestDetails(this.request, (file, pressed) => {
      pressed.act = () => this.#download(file);
      this.#act(pressed);
    }));
  }
}
