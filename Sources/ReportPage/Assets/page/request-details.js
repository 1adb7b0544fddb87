// Everything about one request, below its row: files, notes, times, ids, receipt.
import { button, make } from "./elements.js";
import { pathOf } from "./api.js";
import { count, exactMoment, size } from "./format.js";
import { noteText, requesterOf } from "./request-words.js";
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
  if (request.files?.length && !request.expired) {
    parts.push(make(
      "p", { class: "cluster" },
      make("a", { href: pathOf(request, "/receipt"), target: "_blank", rel: "noopener", text: words.receipt }),
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
        words.file(file.name, file.rows, count(file.rows), size(file.bytes))),
      request.actions?.download
        ? button(words.download(""), "compact", (event) => download(file, event.currentTarget), {
          "aria-label": words.downloadLabel(request.reportTitle, names.get(file.batchId) || file.name, size(file.bytes)),
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
