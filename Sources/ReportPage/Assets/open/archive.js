// A zip file as a whole: checked from end to end before anything of it is offered.
import { OpenFailure } from "./failure.js";
import { authenticate, readContent } from "./entry.js";
import { readDirectory } from "./zip-directory.js";

/** Bytes of a file at the most. */
export const largestFile = 2 ** 30;
const headBytes = 64 << 10;
const largestReceipt = 1 << 20;

export class Archive {
  #file;
  #password;
  entries = [];

  constructor(file, password) {
    this.#file = file;
    this.#password = password;
  }

  /**
   * Checks every entry: `progress` is told the bytes done and in all. Answers `{ entries: [{ name, size, head }], receipt,
   * protection }`, where head is the beginning of a text and protection is `authentic`, `weak` or `none`.
   */
  async open(progress) {
    if (this.#file.size > largestFile) throw new OpenFailure("tooLarge");
    this.entries = (await readDirectory(this.#file)).entries;
    const total = this.entries.reduce((sum, entry) => sum + entry.packed, 0);
    let done = 0;
    const protections = [];
    for (const entry of this.entries) {
      const isAuthentic = await authenticate(this.#file, entry, this.#password, (bytes) => {
        done += bytes;
        progress(done, total);
      });
      protections.push(isAuthentic ? "authentic" : entry.flags & 1 ? "weak" : "none");
    }
    const shown = [];
    for (const entry of this.entries) shown.push({ name: entry.name, size: entry.size, head: await this.#head(entry) });
    return { entries: shown, receipt: await this.#receipt(), protection: weakest(protections) };
  }

  /** Gives the whole content of an entry to `sink`; throws if anything of it does not fit. */
  async read(index, sink) {
    await readContent(this.#file, this.entries[index], this.#password, sink);
  }

  async #head(entry) {
    const bytes = await this.#beginning(entry, headBytes);
    return new TextDecoder().decode(bytes);
  }

  async #receipt() {
    const entry = this.entries.find((candidate) => candidate.name === "receipt.json");
    if (!entry || entry.size > largestReceipt) return null;
    try {
      return JSON.parse(new TextDecoder().decode(await this.#beginning(entry, largestReceipt)));
    } catch (error) {
      if (error instanceof OpenFailure) throw error;
      return null;
    }
  }

  async #beginning(entry, limit) {
    const bytes = new Uint8Array(Math.min(entry.size, limit));
    let count = 0;
    await readContent(this.#file, entry, this.#password, async (piece) => {
      const part = piece.subarray(0, bytes.length - count);
      bytes.set(part, count);
      count += part.length;
      // What is small is read to its end, so that its checksum is compared.
      return count < bytes.length || entry.size <= limit;
    });
    return bytes;
  }
}

const weakest = (protections) => ["none", "weak"].find((protection) => protections.includes(protection)) || "authentic";
