// The worker as a pair of calls: `open`, then `save` as often as wanted. One at a time; `stop` ends what is running.

export class Opener {
  #worker = null;
  #pending = null;
  #progress = () => {};

  constructor() {
    this.#start();
  }

  /** The worker is started with the page, so that all its code is there when the connection no longer is. */
  #start() {
    this.#worker = new Worker("/assets/open/worker.js", { type: "module" });
    this.#worker.addEventListener("message", ({ data }) => this.#told(data));
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#told({ kind: "failed", code: "fault" });
    });
  }

  open(file, password, progress) {
    return this.#ask({ kind: "open", file, password }, progress);
  }

  save(index, target, progress) {
    return this.#ask({ kind: "save", index, target }, progress);
  }

  /** Ends what is running; the file has to be opened again afterwards. */
  stop() {
    this.#worker.terminate();
    this.#start();
    this.#told({ kind: "failed", code: "stopped" });
  }

  #ask(message, progress) {
    this.#progress = progress;
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#worker.postMessage(message);
    });
  }

  #told(data) {
    if (data.kind === "progress") this.#progress(data.done, data.total);
    if (data.kind === "ready" || data.kind === "progress" || !this.#pending) return;
    const { resolve, reject } = this.#pending;
    this.#pending = null;
    if (data.kind === "failed") reject(Object.assign(new Error(data.reason), { code: data.code }));
    else resolve(data);
  }
}
