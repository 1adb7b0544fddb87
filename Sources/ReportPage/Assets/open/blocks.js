// What hashes of the MD family share: whole blocks go to `compress(bytes, start, end)`, the rest waits, the length goes last.

const blockSize = 64;

export class BlockHash {
  #rest = new Uint8Array(blockSize);
  #restCount = 0;
  #count = 0;
  #compress;

  constructor(compress) {
    this.#compress = compress;
  }

  update(bytes) {
    this.#count += bytes.length;
    let position = 0;
    if (this.#restCount > 0) {
      position = Math.min(blockSize - this.#restCount, bytes.length);
      this.#rest.set(bytes.subarray(0, position), this.#restCount);
      this.#restCount += position;
      if (this.#restCount < blockSize) return;
      this.#compress(this.#rest, 0, blockSize);
    }
    const end = bytes.length - ((bytes.length - position) % blockSize);
    this.#compress(bytes, position, end);
    this.#rest.set(bytes.subarray(end));
    this.#restCount = bytes.length - end;
  }

  /** Appends a one, zeros and the length in bits, in the byte order of the hash. */
  pad(isLittleEndian) {
    const count = this.#count;
    const padding = new Uint8Array(((count % blockSize) < 56 ? 56 : 120) - (count % blockSize) + 8);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer, padding.length - 8);
    view.setUint32(isLittleEndian ? 4 : 0, Math.floor(count / 0x2000_0000), isLittleEndian);
    view.setUint32(isLittleEndian ? 0 : 4, (count << 3) >>> 0, isLittleEndian);
    this.update(padding);
  }
}

/** The class of HMAC (RFC 2104) over a hash with `update` and `finish`. */
export function makeHMAC(Hash) {
  return class {
    #inner = new Hash();
    #outer = new Hash();

    constructor(key) {
      const block = new Uint8Array(blockSize);
      block.set(key.length > blockSize ? new Hash().update(key).finish() : key);
      this.#inner.update(block.map((byte) => byte ^ 0x36));
      this.#outer.update(block.map((byte) => byte ^ 0x5c));
    }

    update(bytes) {
      this.#inner.update(bytes);
      return this;
    }

    finish() {
      return this.#outer.update(this.#inner.finish()).finish();
    }
  };
}

/** Words as bytes, in the byte order of the hash. */
export function bytesOfWords(words, isLittleEndian) {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, index) => view.setInt32(4 * index, word, isLittleEndian));
  return new Uint8Array(view.buffer);
}
