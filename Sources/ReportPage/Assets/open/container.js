// The container of the level TEXT_KEY_ENCRYPTED_DATASET, which lies in an open zip in place of the CSV: a line with the level, a
// line with the wrapped key of the file, and the content under AES-256-CBC. A container for a public key is told, not opened.
import { CRC32 } from "./crc32.js";
import { OpenFailure, damaged } from "./failure.js";
import { isSame } from "./ciphers.js";
import { md5 } from "./md5.js";
import { HMACSHA256 } from "./sha256.js";
import { bytesOf, packedRange } from "./zip-directory.js";

const levels = { textKey: "TEXT_KEY_ENCRYPTED_DATASET\n", publicKey: "PUBLIC_KEY_ENCRYPTED_DATASET\n" };
const longestHeader = 4200;
const pieceBytes = 1 << 20;
const block = 16;
const label = new TextEncoder().encode("exhaust container authentication 1");
const codePrefix = "exhaust-hmac-sha256:";

/** The container in `entry`, or null if it holds something else. */
export async function containerOf(file, entry, password, comment) {
  if (entry.flags & 1 || entry.method !== 0) return null;
  const range = await packedRange(file, entry);
  const beginning = await bytesOf(file, range.start, Math.min(range.end, range.start + longestHeader));
  const text = Array.from(beginning, (byte) => String.fromCharCode(byte)).join("");
  if (text.startsWith(levels.publicKey)) throw new OpenFailure("publicKey");
  if (!text.startsWith(levels.textKey)) return null;
  if (!password) throw new OpenFailure("passwordMissing");
  const lineEnd = text.indexOf("\n", levels.textKey.length);
  if (lineEnd < 0) throw damaged("the header of a container is not in form");
  const fileKey = await unwrap(text.slice(levels.textKey.length, lineEnd), password);
  return Container.open(file, entry, range, lineEnd + 1, fileKey, codesIn(comment).get(entry.name));
}

/** The key of the file is wrapped with the upper-case hexadecimal MD5 of the password, used as a key as it is. */
async function unwrap(line, password) {
  let wrapped;
  try {
    wrapped = Uint8Array.from(atob(line), (character) => character.charCodeAt(0));
  } catch {
    throw damaged("the key line of a container is not in form");
  }
  const hash = md5(new TextEncoder().encode(password));
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
  const userKey = await importKey(new TextEncoder().encode(hex));
  try {
    const key = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv: new Uint8Array(block) }, userKey, wrapped));
    if (key.length === 32) return key;
  } catch {
    // The padding does not fit: the key is another.
  }
  throw new OpenFailure("wrongPassword");
}

const importKey = (bytes) => crypto.subtle.importKey("raw", bytes, "AES-CBC", false, ["encrypt", "decrypt"]);

/** The codes that the comment of the archive keeps beside the containers, by the name of their entry. */
function codesIn(comment) {
  const codes = new Map();
  for (const line of new TextDecoder().decode(comment).split("\n")) {
    const colon = line.lastIndexOf(":");
    const code = line.slice(colon + 1);
    if (!line.startsWith(codePrefix) || colon < codePrefix.length || !/^[0-9a-f]{64}$/.test(code)) continue;
    codes.set(line.slice(codePrefix.length, colon), Uint8Array.from(code.match(/../g), (pair) => parseInt(pair, 16)));
  }
  return codes;
}

class Container {
  #file;
  #entry;
  #range;
  #start;
  #fileKey;
  #key;
  #expected;
  /** Bytes of the content. */
  size = 0;

  static async open(file, entry, range, headerCount, fileKey, expected) {
    const made = new Container();
    made.#file = file;
    made.#entry = entry;
    made.#range = range;
    made.#start = range.start + headerCount;
    made.#fileKey = fileKey;
    made.#key = await importKey(fileKey);
    made.#expected = expected;
    await made.#measure();
    return made;
  }

  /** The padding of the last block tells how long the content is. */
  async #measure() {
    const count = this.#range.end - this.#start;
    if (count < block || count % block !== 0) throw damaged("a container is not whole blocks");
    const vector = count === block ? new Uint8Array(block) : await bytesOf(this.#file, this.#range.end - 2 * block, this.#range.end - block);
    const last = await this.#decrypt(await bytesOf(this.#file, this.#range.end - block, this.#range.end), vector);
    this.size = count - block + last.length;
  }

  /** True if the code in the archive's comment fits; false if there is none. */
  async check(progress) {
    const code = new HMACSHA256(new HMACSHA256(this.#fileKey).update(label).finish());
    const crc = new CRC32();
    for (let at = this.#range.start; at < this.#range.end; at += pieceBytes) {
      const piece = await bytesOf(this.#file, at, Math.min(this.#range.end, at + pieceBytes));
      code.update(piece);
      crc.update(piece);
      progress(piece.length);
    }
    if (crc.value !== this.#entry.crc) throw damaged("the checksum of a container does not fit");
    if (!this.#expected) return false;
    if (!isSame(code.finish(), this.#expected)) throw damaged("a container was altered");
    return true;
  }

  /** Gives the content to `sink`, until the end or until it answers false. */
  async read(sink) {
    let vector = new Uint8Array(block);
    for (let at = this.#start; at < this.#range.end; at += pieceBytes) {
      const end = Math.min(this.#range.end, at + pieceBytes);
      const piece = await bytesOf(this.#file, at, end);
      const next = piece.slice(-block);
      const plain = await this.#decrypt(end === this.#range.end ? piece : await this.#padded(piece, next), vector);
      if ((await sink(plain)) === false) return;
      vector = next;
    }
  }

  /** Web Crypto wants padding at the end of whatever it decrypts: a block that decrypts to padding alone is added. */
  async #padded(piece, last) {
    const padding = await crypto.subtle.encrypt({ name: "AES-CBC", iv: last }, this.#key, new Uint8Array(0));
    const padded = new Uint8Array(piece.length + block);
    padded.set(piece);
    padded.set(new Uint8Array(padding), piece.length);
    return padded;
  }

  async #decrypt(bytes, vector) {
    try {
      return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv: vector }, this.#key, bytes));
    } catch {
      throw damaged("a block of a container is not in form");
    }
  }
}
