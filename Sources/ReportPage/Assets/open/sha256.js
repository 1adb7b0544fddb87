// SHA-256 (FIPS 180-4) and HMAC-SHA256, piece by piece.
import { BlockHash, bytesOfWords, makeHMAC } from "./blocks.js";

const blockSize = 64;

/** The first 32 bits of the fractional part of a root; roots of small primes are exact enough in a double. */
const fraction = (root) => ((root - Math.floor(root)) * 0x1_0000_0000) | 0;
const primes = [];
for (let candidate = 2; primes.length < 64; candidate += 1) {
  if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
}
const constants = new Int32Array(primes.map((prime) => fraction(Math.cbrt(prime))));

export class SHA256 {
  #state = new Int32Array(primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))));
  #schedule = new Int32Array(64);
  #blocks = new BlockHash((bytes, start, end) => this.#compress(bytes, start, end));

  update(bytes) {
    this.#blocks.update(bytes);
    return this;
  }

  finish() {
    this.#blocks.pad(false);
    return bytesOfWords(this.#state, false);
  }

  #compress(bytes, start, end) {
    const w = this.#schedule;
    const state = this.#state;
    for (let at = start; at < end; at += blockSize) {
      for (let i = 0, p = at; i < 16; i += 1, p += 4) w[i] = (bytes[p] << 24) | (bytes[p + 1] << 16) | (bytes[p + 2] << 8) | bytes[p + 3];
      for (let i = 16; i < 64; i += 1) {
        const x = w[i - 15];
        const y = w[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      let a = state[0], b = state[1], c = state[2], d = state[3];
      let e = state[4], f = state[5], g = state[6], h = state[7];
      for (let i = 0; i < 64; i += 1) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[i] + w[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      state[0] += a; state[1] += b; state[2] += c; state[3] += d;
      state[4] += e; state[5] += f; state[6] += g; state[7] += h;
    }
  }
}

export const HMACSHA256 = makeHMAC(SHA256);
