// SHA-1 (FIPS 180-4) and HMAC-SHA1, piece by piece. Web Crypto takes a message only whole, which for a file of 1 GiB would be
// more memory than many devices have.
import { BlockHash, bytesOfWords, makeHMAC } from "./blocks.js";

const blockSize = 64;

export class SHA1 {
  #state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  #schedule = new Int32Array(80);
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
    let h0 = state[0];
    let h1 = state[1];
    let h2 = state[2];
    let h3 = state[3];
    let h4 = state[4];
    for (let at = start; at < end; at += blockSize) {
      for (let i = 0, p = at; i < 16; i += 1, p += 4) w[i] = (bytes[p] << 24) | (bytes[p + 1] << 16) | (bytes[p + 2] << 8) | bytes[p + 3];
      for (let i = 16; i < 80; i += 1) {
        const x = w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16];
        w[i] = (x << 1) | (x >>> 31);
      }
      let a = h0;
      let b = h1;
      let c = h2;
      let d = h3;
      let e = h4;
      let t = 0;
      for (let i = 0; i < 20; i += 1) {
        t = (((a << 5) | (a >>> 27)) + ((b & c) | (~b & d)) + e + 0x5a827999 + w[i]) | 0;
        e = d; d = c; c = (b << 30) | (b >>> 2); b = a; a = t;
      }
      for (let i = 20; i < 40; i += 1) {
        t = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0x6ed9eba1 + w[i]) | 0;
        e = d; d = c; c = (b << 30) | (b >>> 2); b = a; a = t;
      }
      for (let i = 40; i < 60; i += 1) {
        t = (((a << 5) | (a >>> 27)) + ((b & c) | (b & d) | (c & d)) + e + 0x8f1bbcdc + w[i]) | 0;
        e = d; d = c; c = (b << 30) | (b >>> 2); b = a; a = t;
      }
      for (let i = 60; i < 80; i += 1) {
        t = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0xca62c1d6 + w[i]) | 0;
        e = d; d = c; c = (b << 30) | (b >>> 2); b = a; a = t;
      }
      h0 = (h0 + a) | 0;
      h1 = (h1 + b) | 0;
      h2 = (h2 + c) | 0;
      h3 = (h3 + d) | 0;
      h4 = (h4 + e) | 0;
    }
    state[0] = h0;
    state[1] = h1;
    state[2] = h2;
    state[3] = h3;
    state[4] = h4;
  }
}

export const HMACSHA1 = makeHMAC(SHA1);
