// The list of requests: newest first, kept up to date.
import { button, make } from "./elements.js";
import { read } from "./api.js";
import { RequestFeed } from "./request-feed.js";
import { RequestRow } from "./request-row.js";
import { problemNotice, skeleton } from "./notice.js";
import { texts } from "/assets/texts/en.js";

const words = texts.requests;
const pageSize = 25;
const most = 500; // requests on the page

export class RequestList {
  #rows = new Map();
  #limit = pageSize;

  constructor() {
    this.lead = make("p", { class: "small quiet", text: words.lead });
    this.body = make("tbody", { role: "rowgroup" });
    const heads = [words.columnReport, words.columnAsked, words.columnState, words.columnActions];
    this.table = make(
      "table", { class: "request-table", role: "table" }, make("caption", { class: "unseen", text: words.caption }),
      make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, heads.map((text) => make("th", { scope: "col", role: "columnheader", text })))),
      this.body);
    this.content = make("div", { class: "requests" }, skeleton());
    this.older = button(words.more, "", () => this.#showOlder());
    this.element = make(
      "section", { class: "panel", id: "requests", "aria-labelledby": "requests-heading" },
      make(
        "div", { class: "panel-head" }, make("h2", { id: "requests-heading", text: words.heading }),
        make("a", { href: "/open", text: words.howToOpen }), this.lead),
      this.content);
    this.feed = new RequestFeed({
      changed: (request) => this.show(request), refresh: () => this.#refresh(),
      liveness: (isLive) => { this.lead.textContent = isLive ? words.lead : words.polling; },
    });
  }

  /** Loads the list and follows it. */
  async start() {
    await this.#refresh();
    this.feed.start();
  }

  stop() {
    this.feed.stop();
  }

  /** Puts a request in its place; answers whether it was there, finished, before. */
  show(request, { isNew = false } = {}) {
    const key = `${request.tag}\n${request.requestId}`;
    const row = this.#rows.get(key);
    const wasThere = row?.request.state === "SUCCESS" && row.request.completedAt === request.completedAt;
    if (row) row.update(request);
    else this.#rows.set(key, new RequestRow(request, (changed) => this.show(changed)));
    if (!row || row.element !== this.body.firstElementChild) this.#arrange();
    if (isNew) this.#rows.get(key).element.scrollIntoView({ block: "nearest", behavior: "smooth" });
    return wasThere;
  }

  async #refresh() {
    try {
      const { requests } = await read(`/v1/requests?limit=${this.#limit}`);
      for (const request of requests) {
        const key = `${request.tag}\n${request.requestId}`;
        const row = this.#rows.get(key);
        if (row) row.update(request);
        else this.#rows.set(key, new RequestRow(request, (changed) => this.show(changed)));
      }
      this.older.hidden = requests.length < this.#limit || this.#limit >= most;
      this.#arrange();
    } catch (problem) {
      // While something is shown, an interruption is told by the line above it.
      if (this.#rows.size === 0 && !problem.isSignedOut) {
        this.content.replaceChildren(problemNotice(problem, { isAlert: false, retry: () => this.#refresh() }));
      }
    }
  }

  /** Newest first. Rows that are in place are not touched. */
  #arrange() {
    const rows = [...this.#rows.values()].sort((left, right) => (left.request.submittedAt < right.request.submittedAt ? 1 : -1));
    if (rows.length === 0) {
      this.content.replaceChildren(empty());
      return;
    }
    if (!this.table.isConnected) this.content.replaceChildren(this.table, make("div", { class: "cluster" }, this.older));
    rows.forEach((row, index) => {
      const place = this.body.children[2 * index];
      if (place !== row.element) {
        this.body.insertBefore(row.element, place || null);
        row.element.after(row.details);
      }
    });
  }

  #showOlder() {
    this.#limit = Math.min(this.#limit + 2 * pageSize, most);
    this.#refresh();
  }
}

function empty() {
  return make("div", { class: "empty" }, make("h3", { text: words.empty }), make("p", { text: words.emptyLead }));
}
