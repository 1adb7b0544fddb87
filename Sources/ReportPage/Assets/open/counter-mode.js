// AES in counter mode as zip files use it: the counter is little-endian and begins at 1. Web Crypto counts big-endian only.
import { encryptCounters, expandKey } from "./aes.js";

const streamBlocks = 4096;

export class CounterMode {
  #keys;
  #stream = new Int32Array(4 * streamBlocks);
  #streamBytes = new Uint8Array(this.#stream.buffer);
  #low = 1;
  #high = 0;
  #isEnded = false;

  constructor(key) {
    this.#keys = expandKey(key);
  }

  /** Encrypts or decrypts in place. Every piece but the last is whole blocks of 16 bytes. */
  apply(bytes) {
    if (this.#isEnded && bytes.length > 0) throw new RangeError("a piece after one that was not whole blocks");
    this.#isEnded = bytes.length % 16 !== 0;
    const canUseWords = bytes.byteOffset % 4 === 0;
    for (let start = 0; start < bytes.length; start += 16 * streamBlocks) {
      const piece = bytes.subarray(start, start + 16 * streamBlocks);
      const blocks = Math.ceil(piece.length / 16);
      this.#advance(blocks);
      const words = canUseWords ? piece.length >>> 2 : 0;
      if (words > 0) combine(new Int32Array(piece.buffer, piece.byteOffset, words), this.#stream, words);
      for (let index = 4 * words; index < piece.length; index += 1) piece[index] ^= this.#streamBytes[index];
    }
  }

  /** Fills the stream with the next blocks. The low word of the counter may run over on the way. */
  #advance(blocks) {
    const untilCarry = 0x1_0000_0000 - this.#low;
    const first = Math.min(blocks, untilCarry);
    encryptCounters(this.#keys, this.#low | 0, this.#high, this.#stream, first);
    this.#low += first;
    if (this.#low === 0x1_0000_0000) {
      this.#low = 0;
      this.#high += 1;
    }
    if (first < blocks) {
      encryptCounters(this.#keys, this.#low | 0, this.#high, this.#stream.subarray(4 * first), blocks - first);
      this.#low += blocks - first;
    }
  }
}

function combine(target, stream, words) {
  for (let index = 0; index < words; index += 1) target[index] ^= stream[index];
}
