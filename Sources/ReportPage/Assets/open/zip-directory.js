// The directory of a zip file (APPNOTE 4.3), ZIP64 included: what entries there are, and where their bytes lie.
import { OpenFailure, damaged } from "./failure.js";

const signature = { local: 0x04034b50, directory: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 };
const mostEntries = 10_000;
const mostDirectoryBytes = 16 << 20;
const supportedFlags = 1 | 0b110 | 8 | 0x800; // encrypted, deflate options, descriptor, UTF-8

/** The bytes from `start` to `end` of a file. */
export async function bytesOf(file, start, end) {
  if (start < 0 || end > file.size || start > end) throw damaged("something lies outside of the file");
  try {
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch {
    throw new OpenFailure("unreadable");
  }
}

/** Reads the directory: `{ entries, comment }`. */
export async function readDirectory(file) {
  const tailStart = Math.max(0, file.size - 22 - 0xffff);
  const tail = await bytesOf(file, tailStart, file.size);
  const view = new DataView(tail.buffer);
  const at = endRecord(view);
  if (at < 0) throw new OpenFailure("notZip");
  const end = {
    disk: view.getUint16(at + 4, true), count: view.getUint16(at + 10, true), bytes: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  if (end.disk !== 0) throw new OpenFailure("unsupported", "one of several volumes");
  let limit = tailStart + at;
  if (end.count === 0xffff || end.bytes === 0xffffffff || end.offset === 0xffffffff) limit = await readEnd64(file, limit, end);
  if (end.count > mostEntries || end.bytes > mostDirectoryBytes) throw new OpenFailure("unsupported", "too many entries");
  if (end.offset + end.bytes !== limit) throw damaged("the directory is not where the end says");
  const directory = await bytesOf(file, end.offset, limit);
  return { entries: entriesOf(directory, end.count, end.offset), comment: tail.slice(at + 22) };
}

/** The last end record whose comment reaches exactly to the end of the file. */
function endRecord(view) {
  for (let at = view.byteLength - 22; at >= 0; at -= 1) {
    if (view.getUint32(at, true) === signature.end && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return -1;
}

async function readEnd64(file, limit, end) {
  if (limit < 20) return limit;
  const locator = new DataView((await bytesOf(file, limit - 20, limit)).buffer);
  if (locator.getUint32(0, true) !== signature.locator64) return limit;
  const place = integer64(locator, 8);
  const record = new DataView((await bytesOf(file, place, place + 56)).buffer);
  if (record.getUint32(0, true) !== signature.end64 || place + 56 !== limit - 20) throw damaged("its ZIP64 end is not in form");
  end.count = integer64(record, 32);
  end.bytes = integer64(record, 40);
  end.offset = integer64(record, 48);
  return place;
}

function integer64(view, at) {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged("a length is impossible");
  return Number(value);
}

function entriesOf(bytes, count, regionEnd) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== signature.directory) throw damaged("its directory is not in form");
    const nameCount = view.getUint16(at + 28, true);
    const extraCount = view.getUint16(at + 30, true);
    const next = at + 46 + nameCount + extraCount + view.getUint16(at + 32, true);
    if (next > bytes.length) throw damaged("its directory is cut off");
    const entry = {
      flags: view.getUint16(at + 8, true), method: view.getUint16(at + 10, true), time: view.getUint16(at + 12, true),
      crc: view.getUint32(at + 16, true), packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true), regionEnd, aes: null,
    };
    readExtra(view, at + 46 + nameCount, extraCount, entry);
    entry.name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameCount));
    if (entry.flags & ~supportedFlags || ![0, 8].includes(entry.method) || (entry.aes && !(entry.flags & 1))) {
      throw new OpenFailure("unsupported", entry.name);
    }
    if (!entry.name.endsWith("/")) entries.push(entry);
    at = next;
  }
  return entries;
}

/** ZIP64 lengths, in the order of the fields that ran over, and the header of AES. */
function readExtra(view, start, count, entry) {
  for (let at = start; at + 4 <= start + count;) {
    const id = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    let value = at + 4;
    if (value + length > start + count) throw damaged("an extra field is cut off");
    if (id === 1) {
      for (const name of ["size", "packed", "offset"]) {
        if (entry[name] !== 0xffffffff) continue;
        if (value + 8 > at + 4 + length) throw damaged("its ZIP64 lengths are cut off");
        entry[name] = integer64(view, value);
        value += 8;
      }
    } else if (id === 0x9901 && length >= 7) {
      entry.aes = { version: view.getUint16(value, true), strength: view.getUint8(value + 4) };
      if (entry.method !== 99 || entry.aes.strength < 1 || entry.aes.strength > 3) throw damaged("its AES header is not in form");
      entry.method = view.getUint16(value + 5, true);
    }
    at += 4 + length;
  }
}

/** Where the packed bytes of an entry lie; its own header has to be of the same name. */
export async function packedRange(file, entry) {
  const header = new DataView((await bytesOf(file, entry.offset, entry.offset + 30)).buffer);
  if (header.getUint32(0, true) !== signature.local) throw damaged("an entry is not where the directory says");
  const nameEnd = entry.offset + 30 + header.getUint16(26, true);
  const name = new TextDecoder().decode(await bytesOf(file, entry.offset + 30, nameEnd));
  const start = nameEnd + header.getUint16(28, true);
  if (name !== entry.name || start + entry.packed > entry.regionEnd) throw damaged("an entry contradicts the directory");
  return { start, end: start + entry.packed };
}
