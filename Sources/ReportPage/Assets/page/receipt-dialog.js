// The receipt of a request in words: what the files hold, who is left out and why, from when the data is; as JSON to keep.
import { announce, button, make, saveAs } from "./elements.js";
import { pathOf, read } from "./api.js";
import { openDialog } from "./dialog.js";
import { count, exactMoment, size } from "./format.js";
import { problemNotice, skeleton } from "./notice.js";
import { findingText, reportTitle } from "./wording.js";
import { texts } from "/assets/texts/en.js";

const words = texts.receipt;

/** Opens the receipt of `request`. */
export function showReceipt(request) {
  const content = make("div", { class: "stack", "aria-busy": "true" }, make("p", { text: words.loading }), skeleton());
  const save = button(words.save, "", () => {}, { hidden: true });
  openDialog(words.heading(reportTitle(request.report, request.reportTitle)), content, [save], { isOnlyRead: true });
  load(request, content, save);
}

async function load(request, content, save) {
  try {
    const told = await read(pathOf(request, "/receipt"));
    content.replaceChildren(...told.receipts.flatMap((receipt) => oneReceipt(receipt, told.receipts.length > 1)));
    save.addEventListener("click", () => {
      const json = new Blob([`${JSON.stringify(told, null, 2)}\n`], { type: "application/json" });
      saveAs(json, words.fileName(request.requestId));
      announce(words.saved);
    });
    save.hidden = false;
  } catch (problem) {
    content.replaceChildren(problemNotice(problem, { retry: () => {
      content.replaceChildren(skeleton());
      load(request, content, save);
    } }));
  }
  content.removeAttribute("aria-busy");
}

function oneReceipt(receipt, isOneOfSeveral) {
  const { batch = {}, counts } = receipt;
  const name = [batch.name || batch.id, batch.collectionName].filter(Boolean).join(" · ");
  return [
    make(
      "section", { class: "receipt stack-tight" },
      isOneOfSeveral ? make("h3", { text: name }) : make("p", { class: "quiet", text: name }),
      typeof counts?.rows === "number"
        ? make("p", { text: words.counts(counts.rows, count(counts.rows), count(counts.reported), count(counts.enrolled)) })
        : null,
      notes(words.leftOut, receipt.leftOut, words.nobodyLeftOut), notes(words.findings, receipt.findings, null), facts(receipt)),
  ];
}

function notes(title, entries, none) {
  if (!entries?.length) return none ? make("p", { text: none }) : null;
  return make(
    "div", {}, make("strong", { class: "small", text: title }),
    make("ul", { class: "left-out" }, entries.map((entry) => make("li", { text: `${count(entry.count)}: ${findingText(entry)}` }))));
}

function facts(receipt) {
  const line = (name, ...values) => (values.some(Boolean) ? [make("dt", { text: name }), ...values.filter(Boolean).map((value) => make("dd", { text: value }))] : []);
  const entry = ({ name, rows, bytes }) => words.entry(name, rows, count(rows), size(bytes));
  const { from, through } = receipt.dataAsOf || {};
  const moments = from && through && from !== through ? words.dataBetween(exactMoment(from), exactMoment(through)) : from && exactMoment(from);
  return make(
    "dl", { class: "facts small" }, line(words.dataAsOf, moments), line(words.level, texts.form.levels[receipt.level]),
    line(words.entries, ...(receipt.entries || []).map(entry)),
    line(texts.requests.facts.layout, texts.requests.facts.layouts[receipt.layout]), line(words.madeBy, receipt.madeBy));
}
