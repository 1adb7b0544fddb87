// The preview: how much it will be, how long it takes, the first rows with personal data masked.
import { button, make } from "./elements.js";
import { change } from "./api.js";
import { openDialog } from "./dialog.js";
import { about, count, duration, size } from "./format.js";
import { notice, problemNotice, skeleton } from "./notice.js";
import { noteText } from "./request-words.js";
import { reportTitle } from "./wording.js";
import { texts } from "/assets/texts/en.js";

/** Opens the preview of `report` on `batch`; `request` is called when the user asks for it from there. */
export function showPreview({ report, batch, request }) {
  const content = make("div", { class: "stack", "aria-busy": "true" }, make("p", { text: texts.preview.loading }), skeleton());
  const heading = `${texts.preview.heading}: ${reportTitle(report.id, report.title)}`;
  const place = make("p", { class: "quiet", text: [batch.name || batch.batchId, batch.collectionName].filter(Boolean).join(" · ") });
  const go = button(texts.preview.request, "primary", () => {
    dialog.close();
    request();
  });
  const dialog = openDialog(heading, [place, content], [go]);
  load(report, batch, content);
}

async function load(report, batch, content) {
  try {
    const preview = await change("/v1/preview", { report: report.id, batchId: batch.batchId });
    content.replaceChildren(estimate(preview), ...notes(preview), ...firstRows(preview));
  } catch (problem) {
    content.replaceChildren(problemNotice(problem, { retry: () => {
      content.replaceChildren(skeleton());
      load(report, batch, content);
    } }));
  }
  content.removeAttribute("aria-busy");
}

function estimate(preview) {
  const figures = [
    [texts.preview.learners, preview.learners, count],
    [texts.preview.rows, preview.rowsEstimate, about],
    [texts.preview.size, preview.bytesEstimate, size],
    [texts.preview.time, preview.secondsEstimate, duration],
  ].filter(([, value]) => typeof value === "number");
  return make(
    "dl", { class: "figures-row" },
    figures.map(([name, value, form]) => make("div", {}, make("dt", { text: name }), make("dd", { text: form(value) }))));
}

function notes(preview) {
  const findings = preview.findings || [];
  if (findings.length === 0) return [];
  const kind = findings.some((finding) => finding.severity === "warning") ? "wait" : "";
  const looked = preview.sampleLearners;
  const isWhole = typeof looked !== "number" || looked >= preview.learners;
  const box = notice(kind, isWhole ? texts.preview.notes : texts.preview.notesOf(looked, count(looked)));
  box.append(make("ul", { class: "left-out small" }, findings.map((finding) =>
    make("li", { text: noteText(finding) }))));
  return [box];
}

function firstRows(preview) {
  if (preview.rows.length === 0) return [make("p", { class: "quiet", text: texts.preview.noRows })];
  const labels = preview.columns.map((column) => (typeof column === "string" ? column : column.label));
  return [
    make(
      "div", { class: "stack-tight" },
      make("h3", { text: texts.preview.first(preview.rows.length, count(preview.rows.length)) }),
      make("p", { class: "small quiet", text: texts.preview.masked }),
      make(
        "div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": texts.preview.scroll },
        make(
          "table", { class: "data rows" },
          make("thead", {}, make("tr", {}, labels.map((text) => make("th", { scope: "col", text })))),
          make("tbody", {}, preview.rows.map((row) =>
            make("tr", {}, row.map((cell) => make("td", { text: cell, title: String(cell).length > 40 ? cell : null })))))))),
  ];
}
