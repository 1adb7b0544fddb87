// CRC-32 as zip files use it, eight bytes at a time.

const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
for (let index = 0; index < 256; index += 1) {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  tables[0][index] = value;
}
for (let slice = 1; slice < 8; slice += 1) {
  for (let index = 0; index < 256; index += 1) {
    const before = tables[slice - 1][index];
    tables[slice][index] = (before >>> 8) ^ tables[0][before & 0xff];
  }
}

/** The table for one byte, which the traditional encryption uses too. */
export const crcTable = tables[0];

export class CRC32 {
  #value = -1;

  update(bytes) {
    const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
    let crc = this.#value;
    let at = 0;
    for (; at + 8 <= bytes.length; at += 8) {
      crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
      crc = t7[crc & 0xff] ^ t6[(crc >>> 8) & 0xff] ^ t5[(crc >>> 16) & 0xff] ^ t4[crc >>> 24]
        ^ t3[bytes[at + 4]] ^ t2[bytes[at + 5]] ^ t1[bytes[at + 6]] ^ t0[bytes[at + 7]];
    }
    for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]) & 0xff];
    this.#value = crc;
    return this;
  }

  get value() {
    return ~this.#value >>> 0;
  }
}
