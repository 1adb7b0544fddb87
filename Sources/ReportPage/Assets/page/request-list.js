// The list of requests: newest first, kept up to date; older ones are read as far as somebody wants to see them.
import { announce, button, make, setAttribute } from "./elements.js";
import { read } from "./api.js";
import { RequestFeed } from "./request-feed.js";
import { RequestRow } from "./request-row.js";
import { problemNotice, skeleton } from "./notice.js";
import { texts } from "/assets/texts/en.js";

const words = texts.requests;
const firstCount = 25; // requests shown at first
const olderCount = 50; // more of them each time that older ones are wanted
const mostOfAnswer = 200; // requests of one answer, when all that is shown is read anew

const keyOf = (request) => `${request.tag}\n${request.requestId}`;

export class RequestList {
  #rows = new Map();
  /** Where the older ones begin; null if there are none. */
  #next = null;
  #round = 0;
  /** Events so far. */
  #news = 0;
  #turn = Promise.resolve();
  #pending = null;
  #isStopped = false;

  constructor() {
    this.lead = make("p", { class: "small quiet", text: words.lead });
    this.body = make("tbody", { role: "rowgroup" });
    const heads = [words.columnReport, words.columnAsked, words.columnState, words.columnActions];
    this.table = make(
      "table", { class: "request-table", role: "table" }, make("caption", { class: "unseen", text: words.caption }),
      make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, heads.map((text) => make("th", { scope: "col", role: "columnheader", text })))),
      this.body);
    this.content = make("div", { class: "requests" }, skeleton());
    this.older = button(words.more, "", () => this.#showOlder(), { hidden: true });
    this.olderBox = make("div", { class: "cluster older" }, this.older);
    this.messages = make("div");
    this.heading = make("h2", { id: "requests-heading", tabindex: "-1", text: words.heading });
    this.element = make(
      "section", { class: "panel", id: "requests", "aria-labelledby": "requests-heading" },
      make("div", { class: "panel-head" }, this.heading, make("a", { href: "/open", text: words.howToOpen }), this.lead),
      this.content);
    this.feed = new RequestFeed({
      changed: (request) => this.#told(request), refresh: () => this.#refresh(),
      liveness: (isLive) => { this.lead.textContent = isLive ? words.lead : words.polling; },
    });
  }

  /** Loads the list and follows it. */
  async start() {
    await this.#refresh();
    if (!this.#isStopped) this.feed.start();
  }

  /** Ends for good: nothing is asked of the service any more. */
  stop() {
    this.#isStopped = true;
    this.feed.stop();
  }

  /**
   * Does what is answered with a request, and shows it in its place; answers whether it was there, finished, before. What an
   * event told meanwhile is newer: a small report can be finished before it is read that it was asked for.
   */
  async perform(work, { isNew = false } = {}) {
    const news = this.#news;
    const answer = await work();
    const row = this.#rows.get(keyOf(answer));
    const wasThere = row?.request.state === "SUCCESS" && row.request.completedAt === answer.completedAt;
    const shown = this.#show(row?.news > news ? row.request : answer);
    if (isNew) shown.element.scrollIntoView({ block: "nearest", behavior: "smooth" });
    return wasThere;
  }

  #told(request) {
    this.#news += 1;
    this.#show(request).news = this.#news;
  }

  #show(request) {
    const wasShown = this.#rows.has(keyOf(request));
    const row = this.#put(request);
    row.round = this.#round;
    if (!wasShown || row.element !== this.body.firstElementChild) this.#arrange();
    return row;
  }

  #put(request) {
    const key = keyOf(request);
    let row = this.#rows.get(key);
    if (row) row.update(request);
    else {
      row = new RequestRow(request, (work) => this.perform(work));
      this.#rows.set(key, row);
    }
    return row;
  }

  /** One reading at a time, and no more than one that waits. */
  #inTurn(work) {
    this.#turn = this.#turn.then(() => (this.#isStopped ? null : work()));
    return this.#turn;
  }

  #refresh() {
    this.#pending ??= this.#inTurn(async () => {
      this.#pending = null;
      try {
        await this.#readAnew();
      } catch (problem) {
        // While something is shown, an interruption is told by the line above it.
        if (this.#rows.size === 0 && !problem.isSignedOut) {
          this.content.replaceChildren(problemNotice(problem, { isAlert: false, retry: () => this.#refresh() }));
        }
      }
    });
    return this.#pending;
  }

  /** As much as is shown. What is no longer told of goes; what an event told of meanwhile is newer. */
  async #readAnew() {
    this.#round += 1;
    const wanted = Math.max(this.#rows.size, firstCount);
    const told = new Map();
    let answer = { next: null };
    do {
      answer = await readPage(Math.min(wanted - told.size, mostOfAnswer), answer.next);
      for (const request of answer.requests) told.set(keyOf(request), request);
    } while (answer.next && answer.requests.length > 0 && told.size < wanted);
    if (this.#isStopped) return;
    const oldest = [...told.values()].at(-1);
    for (const [key, row] of this.#rows) {
      // Of many requests of others the answer may hold nothing.
      const isBeyond = answer.next && (!oldest || row.request.submittedAt < oldest.submittedAt);
      if (!told.has(key) && row.round !== this.#round && !isBeyond) this.#remove(key, row);
    }
    for (const [key, request] of told) if (this.#rows.get(key)?.round !== this.#round) this.#put(request);
    this.#followedBy(answer.next);
    this.#arrange();
  }

  #remove(key, row) {
    const hadFocus = [row.element, row.details].some((element) => element.contains(document.activeElement));
    this.#rows.delete(key);
    row.element.remove();
    row.details.remove();
    if (hadFocus) this.heading.focus();
  }

  #followedBy(next) {
    this.#next = next ?? null;
    this.older.hidden = this.#next === null;
  }

  /** Newest first. Rows that are in place are not touched. */
  #arrange() {
    const rows = [...this.#rows.values()].sort((left, right) => order(left.request, right.request));
    // Behind very many of others, of which nothing is told, there may be some all the same.
    const shown = rows.length > 0 ? this.table : this.#next === null ? empty() : make("p", { class: "quiet", text: words.noneYet });
    if (shown !== this.content.firstElementChild) this.content.replaceChildren(shown, this.messages, this.olderBox);
    rows.forEach((row, index) => {
      const place = this.body.children[2 * index];
      if (place !== row.element) {
        this.body.insertBefore(row.element, place || null);
        row.element.after(row.details);
      }
    });
  }

  #showOlder() {
    if (this.older.getAttribute("aria-busy")) return;
    setAttribute(this.older, "aria-busy", "true");
    this.messages.replaceChildren();
    this.#inTurn(async () => {
      try {
        const { requests, next } = await readPage(olderCount, this.#next);
        if (this.#isStopped) return;
        const rows = requests.map((request) => this.#put(request));
        const hadFocus = document.activeElement === this.older;
        this.#followedBy(next);
        this.#arrange();
        announce(words.olderShown(requests.length));
        // The button is gone with the last of them, and the focus must not be.
        if (hadFocus && this.older.hidden) (rows[0]?.title ?? this.heading).focus();
      } catch (problem) {
        if (!problem.isSignedOut) this.messages.replaceChildren(problemNotice(problem));
      } finally {
        setAttribute(this.older, "aria-busy", null);
      }
    });
  }
}

const readPage = (limit, before) =>
  read(`/v1/requests?limit=${limit}${before ? `&before=${encodeURIComponent(before)}` : ""}`);

/** Newest first, and of the same moment always in the same order. */
function order(left, right) {
  if (left.submittedAt !== right.submittedAt) return left.submittedAt < right.submittedAt ? 1 : -1;
  return keyOf(left) < keyOf(right) ? -1 : 1;
}

function empty() {
  return make("div", { class: "empty" }, make("h3", { text: words.empty }), make("p", { text: words.emptyLead }));
}
