// Does the work beside the page, so that the page stays alive: takes `open` and `save`, answers with what became of them.
import { Archive } from "./archive.js";
import { OpenFailure } from "./failure.js";

const blobPieceBytes = 16 << 20;
const tellEvery = 100; // milliseconds
let archive = null;

addEventListener("message", async ({ data }) => {
  try {
    if (data.kind === "open") await open(data);
    else if (data.kind === "save") await save(data);
  } catch (error) {
    const code = error instanceof OpenFailure ? error.code : "fault";
    postMessage({ kind: "failed", code, reason: error.message });
  }
});

async function open({ file, password }) {
  archive = null;
  const opening = new Archive(file, password);
  const opened = await opening.open(teller());
  archive = opening;
  postMessage({ kind: "opened", ...opened });
}

/** To a file of the user's choice, or as one blob that the browser keeps where it sees fit. */
async function save({ index, target }) {
  const total = archive.size(index);
  const tell = teller();
  let done = 0;
  const output = target ? await fileOutput(target) : blobOutput();
  try {
    await archive.read(index, async (bytes) => {
      await output.write(bytes);
      done += bytes.length;
      tell(done, total);
    });
  } catch (error) {
    await output.abandon();
    throw error;
  }
  postMessage({ kind: "saved", index, blob: await output.finish() });
}

async function fileOutput(handle) {
  const stream = await handle.createWritable();
  return { write: (bytes) => stream.write(bytes), abandon: () => stream.abort(), finish: async () => { await stream.close(); return null; } };
}

/** Hands large pieces over to the browser early, which may put them on disk. */
function blobOutput() {
  let blobs = [];
  let pieces = [];
  let count = 0;
  const flush = () => {
    if (pieces.length > 0) blobs.push(new Blob(pieces));
    pieces = [];
    count = 0;
  };
  return {
    write: (bytes) => {
      pieces.push(bytes);
      count += bytes.length;
      if (count >= blobPieceBytes) flush();
    },
    abandon: () => { blobs = []; pieces = []; },
    finish: () => {
      flush();
      return new Blob(blobs, { type: "application/octet-stream" });
    },
  };
}

function teller() {
  let last = 0;
  return (done, total) => {
    const now = performance.now();
    if (now - last < tellEvery && done < total) return;
    last = now;
    postMessage({ kind: "progress", done, total });
  };
}

postMessage({ kind: "ready" });
