// What was in the file: its receipt in words, its entries to save, the first rows of the report.
import { announce, button, make, saveAs, setAttribute } from "/assets/page/elements.js";
import { count, size } from "/assets/page/format.js";
import { notice } from "/assets/page/notice.js";
import { findingText } from "/assets/page/wording.js";
import { firstRecords } from "./csv.js";
import { texts } from "/assets/texts/en.js";

const words = texts.open;
const shownRows = 20;
const largestBlob = 2 ** 31;
const askWhereFrom = 2 ** 28; // bytes from which a file is written straight to the disk, where the browser can

/** The content of the panel; `again` starts over. */
export function openedView(opened, fileName, opener, again) {
  const kind = { authentic: "good", partly: "wait", weak: "wait", none: "wait" }[opened.protection];
  const text = { authentic: words.authentic, partly: words.partlyAuthentic, weak: words.notAuthentic, none: words.unprotected }[opened.protection];
  const messages = make("div", { class: "stack-tight" });
  const heading = make("h2", { tabindex: "-1", text: words.opened(fileName) });
  const content = [
    heading, notice(kind, text, receiptLines(opened.receipt)), make("h3", { text: words.entries }),
    make("ul", { class: "entries" }, opened.entries.map((entry, index) => entryLine(entry, index, opener, messages))),
    messages, ...opened.entries.filter((entry) => isReport(entry)).slice(0, 1).map(rows),
    make("div", {}, button(words.another, "", again)),
  ];
  return { content, heading };
}

const isReport = (entry) => entry.name.endsWith(".csv") && entry.name !== "dictionary.csv";

function receiptLines(receipt) {
  const counts = receipt?.counts;
  if (!counts || typeof counts.rows !== "number") return [];
  const lines = [words.receipt(counts.rows, count(counts.rows), count(counts.reported), count(counts.enrolled))];
  for (const entry of receipt.leftOut || []) lines.push(words.leftOut(count(entry.count), findingText(entry)));
  return lines;
}

function entryLine(entry, index, opener, messages) {
  const save = button(words.saveShort, isReport(entry) ? "primary compact" : "compact", async () => {
    if (save.getAttribute("aria-busy")) return;
    setAttribute(save, "aria-busy", "true");
    messages.replaceChildren();
    try {
      await saveEntry(entry, index, opener, messages);
    } catch (error) {
      if (error.name !== "AbortError" && error.code !== "stopped") {
        const [title, detail] = words.failures[error.code] || words.failures.fault;
        messages.replaceChildren(notice("bad", title, [detail], { isAlert: true }));
      }
    } finally {
      setAttribute(save, "aria-busy", null);
    }
  }, { "aria-label": words.save(entry.name) });
  return make("li", {}, make("span", {}, make("strong", { text: entry.name }), make("span", { class: "quiet small", text: ` ${size(entry.size)}` })), save);
}

async function saveEntry(entry, index, opener, messages) {
  const name = entry.name.split("/").pop();
  let target = null;
  if (entry.size >= askWhereFrom && globalThis.showSaveFilePicker) target = await showSaveFilePicker({ suggestedName: name });
  else if (entry.size > largestBlob) throw Object.assign(new Error(), { code: "contentTooLarge" });
  const line = make("p", { class: "small figures" });
  messages.replaceChildren(line);
  const { blob } = await opener.save(index, target, (done, total) => { line.textContent = words.saving(size(done), size(total)); });
  if (blob) saveAs(blob, name);
  line.textContent = words.saved(name);
  announce(words.saved(name));
}

function rows(entry) {
  const records = firstRecords(entry.head, shownRows + 1, entry.head.length >= entry.size);
  const [header = [], ...lines] = records;
  if (lines.length === 0) return null;
  return make(
    "div", { class: "stack-tight" }, make("h3", { text: words.firstRows(lines.length) }),
    make(
      "div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": words.rowsLabel(entry.name) },
      make(
        "table", { class: "data rows" },
        make("thead", {}, make("tr", {}, header.map((text) => make("th", { scope: "col", text })))),
        make("tbody", {}, lines.map((line) => make("tr", {}, line.map((text) => make("td", { text }))))))));
}
