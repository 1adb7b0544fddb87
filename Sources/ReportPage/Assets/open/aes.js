// AES encryption of single blocks (FIPS 197) by tables, on little-endian words, as the counter mode of zip files wants them.
// Decryption of blocks is not needed: counter mode uses encryption both ways.

const box = new Uint8Array(256);
/** Tables of SubBytes, ShiftRows and MixColumns together: one for each row of the state. */
const tables = Array.from({ length: 4 }, () => new Int32Array(256));
makeTables();

function makeTables() {
  // Walks through the field by the generator 3 and, beside it, by its inverse.
  let value = 1;
  let inverse = 1;
  do {
    value = (value ^ (value << 1) ^ (value & 0x80 ? 0x11b : 0)) & 0xff;
    inverse ^= inverse << 1;
    inverse ^= inverse << 2;
    inverse ^= inverse << 4;
    inverse = (inverse ^ (inverse & 0x80 ? 0x09 : 0)) & 0xff;
    const spread = inverse ^ rotate(inverse, 1) ^ rotate(inverse, 2) ^ rotate(inverse, 3) ^ rotate(inverse, 4);
    box[value] = spread ^ 0x63;
  } while (value !== 1);
  box[0] = 0x63;
  for (let index = 0; index < 256; index += 1) {
    const once = box[index];
    const twice = ((once << 1) ^ (once & 0x80 ? 0x11b : 0)) & 0xff;
    const word = (twice | (once << 8) | (once << 16) | ((once ^ twice) << 24)) >>> 0;
    for (let row = 0; row < 4; row += 1) tables[row][index] = row === 0 ? word : (word << (8 * row)) | (word >>> (32 - 8 * row));
  }
}

function rotate(byte, places) {
  return ((byte << places) | (byte >>> (8 - places))) & 0xff;
}

const substituted = (word) =>
  box[word & 0xff] | (box[(word >>> 8) & 0xff] << 8) | (box[(word >>> 16) & 0xff] << 16) | (box[word >>> 24] << 24);

/** The round keys of a key of 16, 24 or 32 bytes: four little-endian words a round. */
export function expandKey(key) {
  if (![16, 24, 32].includes(key.length)) throw new RangeError(`AES key of ${key.length} bytes`);
  const length = key.length / 4;
  const words = new Int32Array(4 * (length + 7));
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  for (let index = 0; index < length; index += 1) words[index] = view.getInt32(4 * index, true);
  let constant = 1;
  for (let index = length; index < words.length; index += 1) {
    let word = words[index - 1];
    if (index % length === 0) {
      word = substituted((word >>> 8) | (word << 24)) ^ constant;
      constant = ((constant << 1) ^ (constant & 0x80 ? 0x11b : 0)) & 0xff;
    } else if (length > 6 && index % length === 4) {
      word = substituted(word);
    }
    words[index] = words[index - length] ^ word;
  }
  return words;
}

/**
 * Encrypts `count` blocks of which only the first word changes: `counter`, `counter + 1`, … with the second word `high`, the
 * rest zero. Writes four little-endian words a block to `output`.
 */
export function encryptCounters(keys, counter, high, output, count) {
  const [t0, t1, t2, t3] = tables;
  const last = keys.length - 4;
  const k0 = keys[0];
  const b = high ^ keys[1];
  const c = keys[2];
  const d = keys[3];
  for (let block = 0; block < count; block += 1) {
    let s0 = (counter + block) ^ k0;
    let s1 = b;
    let s2 = c;
    let s3 = d;
    for (let round = 4; round < last; round += 4) {
      const n0 = t0[s0 & 0xff] ^ t1[(s1 >>> 8) & 0xff] ^ t2[(s2 >>> 16) & 0xff] ^ t3[s3 >>> 24] ^ keys[round];
      const n1 = t0[s1 & 0xff] ^ t1[(s2 >>> 8) & 0xff] ^ t2[(s3 >>> 16) & 0xff] ^ t3[s0 >>> 24] ^ keys[round + 1];
      const n2 = t0[s2 & 0xff] ^ t1[(s3 >>> 8) & 0xff] ^ t2[(s0 >>> 16) & 0xff] ^ t3[s1 >>> 24] ^ keys[round + 2];
      const n3 = t0[s3 & 0xff] ^ t1[(s0 >>> 8) & 0xff] ^ t2[(s1 >>> 16) & 0xff] ^ t3[s2 >>> 24] ^ keys[round + 3];
      s0 = n0;
      s1 = n1;
      s2 = n2;
      s3 = n3;
    }
    output[4 * block] = lastRound(s0, s1, s2, s3) ^ keys[last];
    output[4 * block + 1] = lastRound(s1, s2, s3, s0) ^ keys[last + 1];
    output[4 * block + 2] = lastRound(s2, s3, s0, s1) ^ keys[last + 2];
    output[4 * block + 3] = lastRound(s3, s0, s1, s2) ^ keys[last + 3];
  }
}

function lastRound(a, b, c, d) {
  return box[a & 0xff] | (box[(b >>> 8) & 0xff] << 8) | (box[(c >>> 16) & 0xff] << 16) | (box[d >>> 24] << 24);
}

/** Encrypts any one block of 16 bytes; for the published vectors, which are not counters. */
export function encryptBlock(keys, bytes) {
  const input = new DataView(bytes.buffer, bytes.byteOffset, 16);
  let state = [0, 1, 2, 3].map((column) => input.getUint32(4 * column, true) ^ keys[column]);
  const last = keys.length - 4;
  for (let round = 4; round < last; round += 4) {
    state = state.map((_, column) =>
      tables.reduce((word, table, row) => word ^ table[(state[(column + row) % 4] >>> (8 * row)) & 0xff], keys[round + column]));
  }
  const output = new DataView(new ArrayBuffer(16));
  state.forEach((_, column) => output.setUint32(
    4 * column, lastRound(state[column], state[(column + 1) % 4], state[(column + 2) % 4], state[(column + 3) % 4]) ^ keys[last + column], true));
  return new Uint8Array(output.buffer);
}
