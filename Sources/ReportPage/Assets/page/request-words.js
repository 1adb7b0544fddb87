// The state of a request in plain words: pure functions, a request in, words out.
import { about, count, duration, moment, size } from "./format.js";
import { failureWord, findingText, menderText, sentence } from "./wording.js";
import { texts } from "/assets/texts/en.js";

const words = texts.requests;
const kinds = { SUBMITTED: "wait", PROCESSING: "live", SUCCESS: "good", FAILED: "bad", CANCELLED: "" };

/** The word for the state and the kind of its pill. */
export function stateOf(request) {
  if (request.expired) return { kind: "", text: words.states.expired };
  if (request.cancelling) return { kind: "", text: words.states.cancelling };
  if (request.state === "FAILED" && request.willRetry) return { kind: "wait", text: words.states.retry };
  return { kind: kinds[request.state] || "", text: words.states[request.state] || request.state };
}

/** What is said below the state; empty where there is nothing to add. */
export function explanation(request) {
  if (request.expired) return words.expired;
  switch (request.state) {
    case "SUBMITTED": return request.placeInLine ? words.place(request.placeInLine) : words.waiting;
    case "PROCESSING": return progressText(request.progress);
    case "SUCCESS": return request.completedAt ? words.finished(moment(request.completedAt)) : "";
    case "FAILED": if (request.willRetry) return request.retryAt ? words.retryAt(moment(request.retryAt)) : "";
    // falls through
    default: return request.completedAt ? words.ended(moment(request.completedAt)) : "";
  }
}

/** "3,200 of 5,000 learners · 1,200 a second · about 2 s left"; what is not known is not said. */
export function progressText(progress) {
  if (!progress?.learnersExpected) {
    if (!progress?.stretchesExpected) return words.preparing;
    return words.reading(Math.floor((100 * progress.stretchesDone) / progress.stretchesExpected));
  }
  const parts = [words.done(count(progress.learnersDone || 0), count(progress.learnersExpected))];
  if (progress.rate > 0) parts.push(words.rate(about(progress.rate)));
  if (typeof progress.etaSeconds === "number") parts.push(words.remaining(duration(progress.etaSeconds)));
  return parts.join(" · ");
}

/** The batches of a request, as a line of text. */
export function batchesOf(request) {
  const batches = request.batches || [];
  if (batches.length === 0) return words.search;
  const [first] = batches;
  if (batches.length > 1) return words.batches(batches.length);
  return [first.name || first.batchId, first.collectionName].filter(Boolean).join(" · ");
}

/** Who asked. */
export const requesterOf = (request) => (request.requestedByMe ? words.you : request.requestedBy);

/** Whether nothing will change any more unless somebody asks for it. */
export const isEnded = (request) =>
  ["SUCCESS", "CANCELLED"].includes(request.state) || (request.state === "FAILED" && !request.willRetry);

/** A finding as a line: "12: enrolment is not active". */
export const noteText = (note) => (note.count ? `${count(note.count)}: ${findingText(note)}` : findingText(note));

/** The size of all files together; empty where one of them is not known. */
export function sizeOf(files) {
  return files.every(({ bytes }) => typeof bytes === "number") ? size(files.reduce((sum, file) => sum + file.bytes, 0)) : "";
}

/** Rows and size of a file, as far as they are known: of another program's file neither is. */
export function factsOf(file) {
  const facts = [];
  if (typeof file.rows === "number") facts.push(words.fileRows(file.rows, count(file.rows)));
  if (typeof file.bytes === "number") facts.push(size(file.bytes));
  return facts;
}

/** Why it failed: what kind of failure it is, what the service says of it, what to do, who can mend it. */
export function failureLines({ code, message, remedy, mender }) {
  const word = failureWord(code);
  return [word || sentence(message || "") || words.unknownFailure, word ? sentence(message || "") : "", remedy, menderText(mender)];
}

/** How many learners were left out; empty if none or not known. */
export function leftOutText(request) {
  const left = (request.leftOut || []).reduce((sum, note) => sum + (note.count || 0), 0);
  return left > 0 ? words.leftOut(left, count(left)) : "";
}
