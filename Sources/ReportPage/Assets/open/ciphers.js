// What protects an entry: AES after WinZip (AE-1, AE-2), the traditional encryption, or nothing. Each has `start`: how many bytes
// before the content it has read, `end`: how many after it are its own, `decrypt` in place, and `check` at the end.
import { CounterMode } from "./counter-mode.js";
import { crcTable } from "./crc32.js";
import { HMACSHA1 } from "./sha1.js";
import { OpenFailure, damaged } from "./failure.js";
import { bytesOf } from "./zip-directory.js";

const iterations = 1000;
const verifierCount = 2;
const tagCount = 10;

/** The cipher of `entry`, whose packed bytes are `range`. A wrong password is told here, nearly always. */
export async function openCipher(file, entry, range, password) {
  if (!(entry.flags & 1)) return { start: 0, end: 0, decrypt: () => {}, authenticate: null };
  if (!password) throw new OpenFailure("passwordMissing");
  return entry.aes ? openAES(file, entry, range, password) : openTraditional(file, entry, range, password);
}

async function openAES(file, entry, range, password) {
  const keyCount = 8 + 8 * entry.aes.strength;
  const saltCount = keyCount / 2;
  const start = saltCount + verifierCount;
  if (range.end - range.start < start + tagCount) throw damaged("an entry is too short");
  const prefix = await bytesOf(file, range.start, range.start + start);
  const derived = await deriveKeys(password, prefix.subarray(0, saltCount), 2 * keyCount + verifierCount);
  if (!isSame(derived.subarray(2 * keyCount), prefix.subarray(saltCount))) throw new OpenFailure("wrongPassword");
  const mode = new CounterMode(derived.subarray(0, keyCount));
  return {
    start, end: tagCount,
    decrypt: (bytes) => mode.apply(bytes),
    authenticate: {
      code: new HMACSHA1(derived.subarray(keyCount, 2 * keyCount)),
      tag: await bytesOf(file, range.end - tagCount, range.end),
    },
  };
}

async function deriveKeys(password, salt, count) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(password), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-1", salt, iterations }, key, 8 * count));
}

/** Compares without telling by its time where the first difference is. */
export function isSame(left, right) {
  let difference = left.length ^ right.length;
  for (let index = 0; index < left.length; index += 1) difference |= left[index] ^ right[index];
  return difference === 0;
}

async function openTraditional(file, entry, range, password) {
  const start = 12;
  if (range.end - range.start < start) throw damaged("an entry is too short");
  const keys = new TraditionalKeys(new TextEncoder().encode(password));
  const header = await bytesOf(file, range.start, range.start + start);
  keys.decrypt(header);
  // Writers that did not know the checksum yet put the time there.
  const expected = entry.flags & 8 ? entry.time >>> 8 : entry.crc >>> 24;
  if (header[start - 1] !== expected) throw new OpenFailure("wrongPassword");
  return { start, end: 0, decrypt: (bytes) => keys.decrypt(bytes), authenticate: null };
}

/** APPNOTE 6.1. */
class TraditionalKeys {
  #keys = [0x12345678, 0x23456789, 0x34567890];

  constructor(password) {
    for (const byte of password) this.#keys = this.#next(...this.#keys, byte);
  }

  decrypt(bytes) {
    let [first, second, third] = this.#keys;
    for (let index = 0; index < bytes.length; index += 1) {
      const value = (third | 2) & 0xffff;
      const plain = bytes[index] ^ ((Math.imul(value, value ^ 1) >>> 8) & 0xff);
      bytes[index] = plain;
      first = crcTable[(first ^ plain) & 0xff] ^ (first >>> 8);
      second = (Math.imul(second + (first & 0xff), 134775813) + 1) | 0;
      third = crcTable[(third ^ (second >>> 24)) & 0xff] ^ (third >>> 8);
    }
    this.#keys = [first, second, third];
  }

  #next(first, second, third, byte) {
    const one = crcTable[(first ^ byte) & 0xff] ^ (first >>> 8);
    const two = (Math.imul(second + (one & 0xff), 134775813) + 1) | 0;
    return [one, two, crcTable[(third ^ (two >>> 24)) & 0xff] ^ (third >>> 8)];
  }
}
