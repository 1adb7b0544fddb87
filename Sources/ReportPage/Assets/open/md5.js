// MD5 (RFC 1321). The containers of the platform make their key from a password with it; it protects nothing here.
import { BlockHash, bytesOfWords } from "./blocks.js";

const shifts = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
const sines = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 0x1_0000_0000) | 0);

/** The 16 bytes of the hash of `bytes`. */
export function md5(bytes) {
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  const blocks = new BlockHash((data, start, end) => {
    for (let at = start; at < end; at += 64) compress(state, new DataView(data.buffer, data.byteOffset + at, 64));
  });
  blocks.update(bytes);
  blocks.pad(true);
  return bytesOfWords(state, true);
}

function compress(state, block) {
  let [a, b, c, d] = state;
  for (let i = 0; i < 64; i += 1) {
    const round = i >> 4;
    const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
    const word = [i, 5 * i + 1, 3 * i + 5, 7 * i][round] % 16;
    const sum = (a + mixed + sines[i] + block.getInt32(4 * word, true)) | 0;
    const shift = shifts[round][i % 4];
    [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
  }
  [a, b, c, d].forEach((word, index) => { state[index] = (state[index] + word) | 0; });
}
