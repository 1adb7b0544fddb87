// Tells of changed requests: by server-sent events; by asking every few seconds while those do not come through.

const pollEvery = 5000; // milliseconds
const reconnectAfter = 15000; // milliseconds, where the browser gave up by itself

export class RequestFeed {
  #source = null;
  #poll = 0;
  #reconnect = 0;
  #hooks;

  /** `changed` is given a request; `refresh` reads all anew; `liveness` is told whether events come through. */
  constructor({ changed, refresh, liveness }) {
    this.#hooks = { changed, refresh, liveness };
  }

  start() {
    this.stop();
    this.#source = new EventSource("/v1/events");
    this.#source.addEventListener("request", (event) => this.#hooks.changed(JSON.parse(event.data)));
    this.#source.addEventListener("open", () => this.#opened());
    this.#source.addEventListener("error", () => this.#failed());
  }

  stop() {
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
        const isPolling = this.#poll;
        this.#poll = 0;
        this.start();
        this.#poll = isPolling;
      }, reconnectAfter);
    }
  }
}
