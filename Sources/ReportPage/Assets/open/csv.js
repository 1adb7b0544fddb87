// The first rows of a CSV text (RFC 4180), to be shown.

/** At most `limit` records of `text`; one that is cut off by the end is not among them, unless the text `isWhole`. */
export function firstRecords(text, limit, isWhole) {
  const records = [];
  let record = [];
  let cell = "";
  let isQuoted = false;
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let at = start; at < text.length && records.length < limit; at += 1) {
    const character = text[at];
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && cell === "") isQuoted = true;
    else if (character === ",") {
      record.push(cell);
      cell = "";
    } else if (character === "\n") {
      record.push(cell.endsWith("\r") ? cell.slice(0, -1) : cell);
      records.push(record);
      record = [];
      cell = "";
    } else cell += character;
  }
  if (isWhole && records.length < limit && (cell !== "" || record.length > 0)) records.push([...record, cell]);
  return records;
}
