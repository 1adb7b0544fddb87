// Step 1: the course, then one of its batches.
import { announce, button, make } from "./elements.js";
import { read } from "./api.js";
import { choices } from "./choices.js";
import { CourseSearch } from "./course-search.js";
import { count, day } from "./format.js";
import { problemNotice, skeleton } from "./notice.js";
import { draft, keep } from "./draft.js";
import { reasonText } from "./wording.js";
import { texts } from "/assets/texts/en.js";

export class CourseStep {
  /** The batch that is chosen, as the service told of it, with `collectionName`; null before. */
  batch = null;
  /** The id of the course that is chosen; null before. */
  collection = null;
  #changed;

  /** `changed` is called when another batch, or none, is chosen. */
  constructor(changed) {
    this.#changed = changed;
    this.search = new CourseSearch((course) => this.choose(course, { preferred: course.batchId, moveFocus: true }));
    this.element = make("div", { class: "stack" }, this.search.element);
  }

  /** Takes up the kept choice; or the only course, where there is just one. */
  async start() {
    try {
      const course = draft().course || await this.search.only();
      if (course) await this.choose(course, { preferred: draft().batchId });
    } catch (problem) {
      this.element.append(problemNotice(problem, { isAlert: false }));
    }
  }

  async choose(course, { preferred = null, moveFocus = false } = {}) {
    this.collection = course.identifier;
    this.#set(null);
    const box = make("div", {}, skeleton());
    const change = button(texts.form.change, "plain compact", () => this.#again(), { "aria-label": texts.form.changeCourse });
    this.element.replaceChildren(
      make(
        "div", { class: "chosen" },
        make("div", {}, make("strong", { text: course.name || course.identifier }), make("div", { class: "small quiet", text: course.identifier })),
        change),
      box);
    if (moveFocus) {
      announce(texts.form.courseChosen(course.name || course.identifier));
      change.focus();
    }
    await this.#load(course, preferred, box);
  }

  async #load(course, preferred, box) {
    try {
      const { batches } = await read(`/v1/collections/${encodeURIComponent(course.identifier)}/batches`);
      keep({ course: { identifier: course.identifier, name: course.name } });
      box.replaceChildren(this.#batches(batches, course, preferred));
    } catch (problem) {
      box.replaceChildren(problemNotice(problem, { retry: () => this.choose(course, { preferred }) }));
    }
  }

  #batches(batches, course, preferred) {
    if (batches.length === 0) return make("p", { class: "quiet", text: texts.form.noBatches });
    const open = batches.filter((batch) => batch.allowed !== false);
    const selected = open.find((batch) => batch.batchId === preferred) || (open.length === 1 ? open[0] : null);
    if (selected) this.#set({ ...selected, collectionName: course.name });
    return choices(
      batches.map((batch) => ({
        value: batch.batchId, title: batch.name || batch.batchId, pill: pill(batch),
        lines: [
          texts.form.dates(day(batch.startDate), day(batch.endDate)),
          batch.enrolments === null || batch.enrolments === undefined ? "" : texts.form.enrolled(batch.enrolments, count(batch.enrolments)),
        ],
        reason: batch.allowed === false ? reasonText(batch) : null,
      })), {
        label: texts.form.batch, selected: selected?.batchId,
        chosen: (id) => this.#set({ ...batches.find((batch) => batch.batchId === id), collectionName: course.name }),
      });
  }

  #again() {
    this.collection = null;
    this.#set(null);
    keep({ course: null, batchId: null });
    this.element.replaceChildren(this.search.element);
    this.search.input.focus();
  }

  #set(batch) {
    this.batch = batch;
    if (batch) keep({ batchId: batch.batchId });
    this.#changed();
  }
}

const statusOf = { 0: "upcoming", 1: "ongoing", 2: "ended" };
const kindOf = { upcoming: "wait", ongoing: "good", ended: "" };

/** The state of a batch as the platform keeps it; where it keeps none, as the dates have it. */
function pill(batch) {
  const today = new Date().toISOString().slice(0, 10);
  const byDates = batch.startDate > today ? "upcoming" : batch.endDate && batch.endDate.slice(0, 10) < today ? "ended" : batch.startDate ? "ongoing" : "";
  const word = statusOf[batch.status] || byDates;
  const text = texts.form.batchStatus[word];
  return text ? make("span", { class: `pill ${kindOf[word]}`.trim(), text }) : null;
}
