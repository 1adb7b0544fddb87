// Step 2: which report; what it holds, who is left out, how it is protected.
import { make, setText } from "./elements.js";
import { read } from "./api.js";
import { choices } from "./choices.js";
import { draft, keep } from "./draft.js";
import { columnMeaning, columnUnit, leftOutText, reasonText, reportSummary, reportTitle } from "./wording.js";
import { texts } from "/assets/texts/en.js";

export class ReportStep {
  /** The report that is chosen, as the service told of it; null before. */
  report = null;
  #changed;
  #collection = null;
  /** Columns by report, of the course that is chosen: its units and assessments have columns of their own. */
  #columns = new Map();

  /** `changed` is called when a report is chosen. */
  constructor(changed) {
    this.#changed = changed;
    this.about = make("div", { class: "about", hidden: true });
    this.element = make("div", { class: "stack" });
  }

  /** Shows the reports; those that the user may not have are there too, with the reason. */
  show(reports) {
    const allowed = reports.filter((report) => report.allowed !== false);
    const group = choices(
      reports.map((report) => ({
        value: report.id, title: reportTitle(report.id, report.title), lines: [reportSummary(report.id, report.description)],
        reason: report.allowed === false ? reasonText(report) : null,
      })), {
        label: texts.form.report, selected: draft().report,
        chosen: (id) => this.#choose(reports.find((report) => report.id === id)),
      });
    this.element.replaceChildren(group, this.about);
    const kept = allowed.find((report) => report.id === draft().report);
    if (kept) this.#choose(kept);
    else this.#forget();
  }

  /** Takes the course that is chosen, or null. */
  async setCollection(collection) {
    if (collection === this.#collection) return;
    this.#collection = collection;
    this.#columns = new Map();
    if (collection) {
      try {
        const { reports } = await read(`/v1/reports?collection=${encodeURIComponent(collection)}`);
        if (collection === this.#collection) this.#columns = new Map(reports.map(({ id, columns }) => [id, columns]));
      } catch {
        // The columns that all courses have are shown then.
      }
    }
    if (this.report) this.#describe();
  }

  /** Fills what was opened in place, so that it stays open. */
  #describe() {
    const columns = this.#columns.get(this.report.id) || this.report.columns;
    setText(this.columnsSummary, texts.form.columns(columns.length));
    this.columnsBox.replaceChildren(dictionary(this.report, columns));
  }

  #forget() {
    if (!this.report) return;
    this.report = null;
    this.about.hidden = true;
    this.#changed();
  }

  #choose(report) {
    this.report = report;
    keep({ report: report.id });
    this.columnsSummary = make("summary");
    this.columnsBox = make("div");
    this.about.replaceChildren(...aboutReport(report), make("details", {}, this.columnsSummary, this.columnsBox));
    this.#describe();
    this.about.hidden = false;
    this.#changed();
  }
}

function aboutReport(report) {
  const level = texts.form.levels[report.level];
  const needs = report.needsPassword ? texts.form.passwordNeeded : texts.form.passwordNotNeeded;
  const leftOut = report.leftOut?.length
    ? make("ul", {}, report.leftOut.map((entry) => make("li", { text: leftOutText(entry) })))
    : make("p", { text: texts.form.nobodyLeftOut });
  return [
    make("p", {}, make("strong", { text: `${texts.form.protection}: ` }), [level, needs].filter(Boolean).join(" ")),
    make("details", {}, make("summary", { text: texts.form.leftOut }), leftOut),
  ];
}

/** The columns with meaning, unit and source; focusable, as it may have to be scrolled. */
function dictionary(report, columns) {
  return make(
    "dl", { class: "columns-list", tabindex: "0", "aria-label": texts.form.columnsOf(reportTitle(report.id, report.title)) },
    columns.map((column) => make(
      "div", {}, make("dt", { text: column.unit ? texts.form.columnUnit(column.label, columnUnit(column)) : column.label }),
      make("dd", { text: columnMeaning(column, report.layout) }),
      column.source ? make("dd", { class: "quiet", text: texts.form.columnSource(column.source) }) : null)));
}
