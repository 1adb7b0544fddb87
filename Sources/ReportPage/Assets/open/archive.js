// A zip file as a whole: checked from end to end before anything of it is offered.
import { OpenFailure } from "./failure.js";
import { containerOf } from "./container.js";
import { check, readContent } from "./entry.js";
import { readDirectory } from "./zip-directory.js";

/** Bytes of a file at the most. */
export const largestFile = 2 ** 30;
const headBytes = 64 << 10;
const largestReceipt = 1 << 20;

export class Archive {
  #file;
  #password;
  #contents = [];

  constructor(file, password) {
    this.#file = file;
    this.#password = password;
  }

  /**
   * Checks every entry: `progress` is told the bytes done and in all. Answers `{ entries: [{ name, size, head }], receipt,
   * protection }`, where head is the beginning of a text and protection is `authentic`, `partly`, `weak` or `none`.
   */
  async open(progress) {
    if (this.#file.size > largestFile) throw new OpenFailure("tooLarge");
    const { entries, comment } = await readDirectory(this.#file);
    for (const entry of entries) this.#contents.push(await this.#content(entry, comment));
    const total = entries.reduce((sum, entry) => sum + entry.packed, 0);
    let done = 0;
    const protections = [];
    for (const content of this.#contents) {
      const isAuthentic = await content.check((bytes) => {
        done += bytes;
        progress(done, total);
      });
      protections.push(isAuthentic ? "authentic" : content.isEncrypted ? "weak" : "none");
    }
    const shown = [];
    for (const content of this.#contents) {
      shown.push({ name: content.name, size: content.size, head: new TextDecoder().decode(await this.#beginning(content, headBytes)) });
    }
    return { entries: shown, receipt: await this.#receipt(), protection: weakest(protections) };
  }

  /** Bytes of an entry's content. */
  size(index) {
    return this.#contents[index].size;
  }

  /** Gives the whole content of an entry to `sink`; throws if anything of it does not fit. */
  read(index, sink) {
    return this.#contents[index].read(sink);
  }

  async #content(entry, comment) {
    const container = await containerOf(this.#file, entry, this.#password, comment);
    return {
      name: entry.name, size: (container || entry).size, isEncrypted: container !== null || (entry.flags & 1) !== 0,
      check: (progress) =>
        (container ? container.check(progress) : check(this.#file, entry, this.#password, progress)),
      read: (sink) => (container ? container.read(sink) : readContent(this.#file, entry, this.#password, sink)),
    };
  }

  async #receipt() {
    const content = this.#contents.find((candidate) => candidate.name === "receipt.json");
    if (!content || content.size > largestReceipt) return null;
    try {
      return JSON.parse(new TextDecoder().decode(await this.#beginning(content, largestReceipt)));
    } catch (error) {
      if (error instanceof OpenFailure) throw error;
      return null;
    }
  }

  async #beginning(content, limit) {
    const bytes = new Uint8Array(Math.min(content.size, limit));
    let count = 0;
    await content.read(async (piece) => {
      const part = piece.subarray(0, bytes.length - count);
      bytes.set(part, count);
      count += part.length;
      // What is small is read to its end, so that its checksum is compared.
      return count < bytes.length || content.size <= limit;
    });
    return bytes;
  }
}

/** A receipt that is open beside encrypted content does not make the file an open one. */
function weakest(protections) {
  if (protections.every((protection) => protection === "none")) return "none";
  return protections.includes("weak") ? "weak" : protections.every((protection) => protection === "authentic") ? "authentic" : "partly";
}
