// The form for a new report: what was chosen in its steps becomes a preview or a request.
import { announce, button, make, setAttribute, setText } from "./elements.js";
import { change } from "./api.js";
import { CourseStep } from "./course-step.js";
import { ReportStep } from "./report-step.js";
import { PasswordField } from "./password-field.js";
import { loadReports, reloadReports } from "./reports.js";
import { notice, problemNotice, skeleton } from "./notice.js";
import { showPreview } from "./preview-dialog.js";
import { reportTitle } from "./wording.js";
import { texts } from "/assets/texts/en.js";

export class RequestForm {
  #perform;
  #isBusy = false;

  /** `perform` is given what makes a request, and does it; it answers whether that was there, finished, before. */
  constructor(perform) {
    this.#perform = perform;
    this.course = new CourseStep(() => {
      this.#clear();
      this.report.setCollection(this.course.collection);
    });
    this.report = new ReportStep(() => this.#reportChanged());
    this.protection = make("div", { class: "stack" }, make("p", { class: "quiet", text: texts.form.noPasswordYet }));
    this.messages = make("div", { class: "stack-tight" });
    this.previewButton = button(texts.form.preview, "", () => this.#preview());
    this.submitButton = make("button", { type: "submit", class: "button primary", text: texts.form.request });
    this.form = make(
      "form", { class: "steps", novalidate: true, on: { submit: (event) => { event.preventDefault(); this.#submit(); } } });
    this.element = make(
      "section", { class: "panel", id: "new", "aria-labelledby": "new-heading" },
      make("div", { class: "panel-head" }, make("h2", { id: "new-heading", text: texts.form.heading }),
        make("a", { class: "jump", href: "#requests", text: texts.requests.jump })), this.form);
    this.form.append(skeleton());
  }

  /** Loads what there is to choose from. */
  async start() {
    try {
      const offer = await loadReports();
      this.password = new PasswordField(offer.passwordRule);
      this.form.replaceChildren(
        step(1, texts.form.course, this.course.element), step(2, texts.form.report, this.report.element),
        step(3, texts.form.password, this.protection),
        make(
          "div", { class: "form-end" }, this.messages,
          make("div", { class: "cluster" }, this.submitButton, this.previewButton)));
      this.#offer(offer);
      await this.course.start();
    } catch (problem) {
      this.form.replaceChildren(problemNotice(problem, { retry: () => this.start() }));
    }
  }

  #offer(offer) {
    this.offered = JSON.stringify(offer);
    this.password.rule = offer.passwordRule;
    this.report.show(offer.reports);
  }

  /** After a refusal: what is offered may have changed since it was read, and then has to be seen to be mended. */
  async #renew() {
    try {
      const offer = await reloadReports();
      if (JSON.stringify(offer) !== this.offered) this.#offer(offer);
    } catch {
      // The refusal is what is told.
    }
  }

  #reportChanged() {
    this.#clear();
    if (!this.report.report) {
      this.protection.replaceChildren(make("p", { class: "quiet", text: texts.form.noPasswordYet }));
      return;
    }
    const intro = make("p", { class: "small quiet", text: texts.form.passwordIntro });
    this.protection.replaceChildren(
      ...(this.report.report.needsPassword
        ? [this.password.element, intro]
        : [make("p", { class: "quiet", text: texts.form.noPassword })]));
  }

  #clear() {
    this.messages.replaceChildren();
  }

  /** What is missing is said and gone to; true if nothing is. */
  #isComplete({ withPassword }) {
    const missing = texts.form.missing;
    if (!this.course.batch) return this.#demand(missing.batch, () => this.course.element.querySelector("input, button").focus());
    if (!this.report.report) return this.#demand(missing.report, () => this.report.element.querySelector("input").focus());
    if (withPassword && this.report.report.needsPassword && !this.password.isGood) {
      return this.#demand(missing.password, () => this.password.demand());
    }
    return true;
  }

  #demand(text, goThere) {
    this.messages.replaceChildren(notice("wait", text, [], { isAlert: true }));
    goThere();
    return false;
  }

  #preview() {
    this.#clear();
    if (!this.#isComplete({ withPassword: false })) return;
    showPreview({
      report: this.report.report, batch: this.course.batch,
      request: () => this.#submit(),
    });
  }

  async #submit() {
    this.#clear();
    if (this.#isBusy || !this.#isComplete({ withPassword: true })) return;
    const report = this.report.report;
    const batch = this.course.batch;
    // People open the file with what they have, and older Excel takes UTF-8 without the mark for something else.
    const wish = {
      report: report.id, batchId: batch.batchId, tag: `${batch.collectionId}_${batch.batchId}`, csvByteOrderMark: true,
    };
    if (report.needsPassword) wish.password = this.password.value;
    this.#setBusy(true);
    try {
      const wasThere = await this.#perform(() => change("/v1/requests", wish));
      const title = reportTitle(report.id, report.title);
      if (wasThere) {
        this.messages.replaceChildren(notice("good", texts.form.kept(title), [texts.form.keptLead], { isAlert: true }));
      } else {
        announce(texts.form.requested(title));
        const lines = report.needsPassword ? [texts.form.passwordStays] : [];
        this.messages.replaceChildren(notice("good", texts.form.requested(title), lines));
      }
    } catch (problem) {
      if (problem.isRefusal) await this.#renew();
      if (!problem.isSignedOut) this.messages.replaceChildren(problemNotice(problem));
    } finally {
      this.#setBusy(false);
    }
  }

  #setBusy(isBusy) {
    this.#isBusy = isBusy;
    setAttribute(this.submitButton, "aria-busy", isBusy ? "true" : null);
    setText(this.submitButton, isBusy ? texts.form.requesting : texts.form.request);
  }
}

function step(number, title, content) {
  return make(
    "fieldset", { class: "step" },
    make(
      "legend", {}, make("span", { class: "step-number", "aria-hidden": "true", text: String(number) }),
      make("span", { class: "unseen", text: texts.form.step(number) }), title),
    content);
}
