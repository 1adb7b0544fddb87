// The content of one entry, piece by piece: read, decrypted, inflated, its length and checksum compared.
import { CRC32 } from "./crc32.js";
import { OpenFailure, damaged } from "./failure.js";
import { openCipher, isSame } from "./ciphers.js";
import { bytesOf, packedRange } from "./zip-directory.js";

const pieceBytes = 1 << 20; // a multiple of the block of every cipher

/**
 * Checks an entry from end to end: AES by the code over its ciphertext, which decrypts nothing, and is true; others by their
 * checksum, which finds damage but no forgery, and is false. `progress` is told packed bytes.
 */
export async function check(file, entry, password, progress) {
  const range = await packedRange(file, entry);
  const cipher = await openCipher(file, entry, range, password);
  if (!cipher.authenticate) {
    const share = entry.packed / Math.max(entry.size, 1);
    await readContent(file, entry, password, async (bytes) => progress(bytes.length * share));
    return false;
  }
  for await (const piece of pieces(file, range.start + cipher.start, range.end - cipher.end)) {
    cipher.authenticate.code.update(piece);
    progress(piece.length);
  }
  const code = cipher.authenticate.code.finish().subarray(0, cipher.authenticate.tag.length);
  if (!isSame(code, cipher.authenticate.tag)) throw damaged(`${entry.name} was altered`);
  return true;
}

/** Gives the content to `sink`, an async function, until the end or until `sink` answers false. */
export async function readContent(file, entry, password, sink) {
  const range = await packedRange(file, entry);
  const cipher = await openCipher(file, entry, range, password);
  const crc = entry.aes?.version === 2 ? null : new CRC32();
  let count = 0;
  const accept = async (bytes) => {
    count += bytes.length;
    if (count > entry.size) throw damaged(`${entry.name} holds more than it says`);
    crc?.update(bytes);
    return sink(bytes);
  };
  const packed = decrypted(file, range, cipher);
  const isWhole = await (entry.method === 8 ? inflate(packed, accept, entry.name) : passOn(packed, accept));
  if (!isWhole) return;
  if (count !== entry.size) throw damaged(`${entry.name} holds less than it says`);
  if (crc && crc.value !== entry.crc) throw damaged(`the checksum of ${entry.name} does not fit`);
}

async function* pieces(file, start, end) {
  for (let at = start; at < end; at += pieceBytes) yield bytesOf(file, at, Math.min(end, at + pieceBytes));
}

async function* decrypted(file, range, cipher) {
  for await (const piece of pieces(file, range.start + cipher.start, range.end - cipher.end)) {
    cipher.decrypt(piece);
    yield piece;
  }
}

async function passOn(packed, accept) {
  for await (const piece of packed) if ((await accept(piece)) === false) return false;
  return true;
}

/** The stream takes a piece only when what came before was read, so that little lies in memory. */
async function inflate(packed, accept, name) {
  const reader = streamOf(packed).pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  for (;;) {
    let step;
    try {
      step = await reader.read();
    } catch (error) {
      throw error instanceof OpenFailure ? error : damaged(`${name} does not inflate`);
    }
    if (step.done) return true;
    if ((await accept(step.value)) === false) {
      await reader.cancel();
      return false;
    }
  }
}

function streamOf(iterator) {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  }, { highWaterMark: 1 });
}
