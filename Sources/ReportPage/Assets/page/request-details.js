// Everything about one request, below its row: files, notes, times, ids, receipt.
import { button, make } from "./elements.js";
import { exactMoment } from "./format.js";
import { showReceipt } from "./receipt-dialog.js";
import { factsOf, noteText, requesterOf, sizeOf } from "./request-words.js";
import { reportTitle } from "./wording.js";
import { texts } from "/assets/texts/en.js";

const words = texts.requests;

/** The content of the details; `download` is called with a file. */
export function requestDetails(request, download) {
  const parts = [];
  if (request.files?.length) parts.push(files(request, download));
  for (const [name, entries] of [[words.facts.leftOut, request.leftOut], [words.facts.findings, request.findings]]) {
    if (!entries?.length) continue;
    parts.push(make(
      "div", { class: "stack-tight" }, make("strong", { text: name }),
      make("ul", { class: "left-out" }, entries.map((note) => make("li", { text: noteText(note) })))));
  }
  parts.push(facts(request));
  // Other programs' files have no receipt, and nothing else is known of them either.
  if (request.files?.some(({ rows }) => typeof rows === "number")) {
    parts.push(make(
      "p", { class: "cluster" },
      button(words.receipt, "compact", () => showReceipt(request), { "aria-haspopup": "dialog" }),
      make("span", { class: "quiet", text: words.receiptHint })));
  }
  return parts;
}

function files(request, download) {
  const names = new Map((request.batches || []).map((batch) => [batch.batchId, batch.name]));
  return make(
    "div", { class: "stack-tight" }, make("strong", { text: words.facts.files }),
    make("ul", { class: "files" }, request.files.map((file) => make(
      "li", {},
      make(
        "span", {}, names.get(file.batchId) ? make("span", { text: `${names.get(file.batchId)} – ` }) : null,
        words.file(file.name, factsOf(file))),
      request.actions?.download
        ? button(words.download(""), "compact", (event) => download(file, event.currentTarget), {
          "aria-label": words.downloadLabel(reportTitle(request.report, request.reportTitle), names.get(file.batchId) || file.name, sizeOf([file])),
        })
        : null))));
}

function facts(request) {
  const line = (name, value) => (value ? [make("dt", { text: name }), make("dd", {}, value)] : []);
  const time = (text) => (text ? make("time", { datetime: text, text: exactMoment(text) }) : null);
  return make(
    "dl", { class: "facts" },
    line(words.facts.asked, make("span", {}, time(request.submittedAt), ` (${requesterOf(request)})`)),
    line(words.facts.started, time(request.startedAt)), line(words.facts.finished, time(request.completedAt)),
    line(words.facts.layout, words.facts.layouts[request.layout]),
    line(words.facts.requestId, make("code", { text: request.requestId })), line(words.facts.tag, make("code", { text: request.tag })));
}
