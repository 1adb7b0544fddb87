// Tells of changed requests: by server-sent events; by asking every few seconds while those do not come through.
// Only while the page can be seen: a browser opens few connections to one place, and other tabs need them too.

const pollEvery = 5000; // milliseconds
const reconnectAfter = 15000; // milliseconds, where the browser gave up by itself

export class RequestFeed {
  #source = null;
  #poll = 0;
  #reconnect = 0;
  #hooks;
  #seen = () => this.#visibilityChanged();

  /** `changed` is given a request; `refresh` reads all anew; `liveness` is told whether events come through. */
  constructor({ changed, refresh, liveness }) {
    this.#hooks = { changed, refresh, liveness };
  }

  start() {
    document.addEventListener("visibilitychange", this.#seen);
    if (!document.hidden) this.#listen();
  }

  stop() {
    document.removeEventListener("visibilitychange", this.#seen);
    this.#rest();
  }

  #visibilityChanged() {
    if (document.hidden) {
      this.#rest();
    } else if (!this.#source) {
      // What happened meanwhile was not sent.
      this.#hooks.refresh();
      this.#listen();
    }
  }

  #listen() {
    this.#source?.close();
    this.#source = new EventSource("/v1/events");
    this.#source.addEventListener("request", (event) => this.#hooks.changed(JSON.parse(event.data)));
    this.#source.addEventListener("open", () => this.#opened());
    this.#source.addEventListener("error", () => this.#failed());
  }

  #rest() {
    this.#source?.close();
    this.#source = null;
    clearInterval(this.#poll);
    clearTimeout(this.#reconnect);
    this.#poll = 0;
    this.#reconnect = 0;
  }

  #opened() {
    const wasPolling = this.#poll !== 0;
    clearInterval(this.#poll);
    this.#poll = 0;
    this.#hooks.liveness(true);
    // What happened in the gap may not have been sent.
    if (wasPolling) this.#hooks.refresh();
  }

  #failed() {
    if (this.#poll === 0) {
      this.#poll = setInterval(() => this.#hooks.refresh(), pollEvery);
      this.#hooks.liveness(false);
      this.#hooks.refresh();
    }
    if (this.#source?.readyState === EventSource.CLOSED && this.#reconnect === 0) {
      this.#reconnect = setTimeout(() => {
        this.#reconnect = 0;
        this.#listen();
      }, reconnectAfter);
    }
  }
}
