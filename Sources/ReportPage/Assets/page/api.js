// Talks to the service: JSON in and out, the token against forged requests on every change, errors as `Problem`.
import { failureWord, menderText, sentence } from "./wording.js";
import { texts } from "/assets/texts/en.js";

/** Why the service did not do what was asked, in words for people. */
export class Problem extends Error {
  /** `status` is 0 where no answer came. */
  constructor({ status, title, details = [], mender, reference, code }) {
    super(title);
    this.status = status;
    this.details = details.filter(Boolean);
    this.mender = mender || "";
    this.reference = reference || "";
    this.code = code || "";
  }

  /** Whether what was sent was not right, or is no longer. */
  get isRefusal() {
    return this.status === 400;
  }

  /** Whether signing in again would help. */
  get isSignedOut() {
    return this.status === 401;
  }
}

let token = "";
let whenSignedOut = () => {};

/** Takes the token of the session, and what to do when the session turns out to have ended. */
export function useSession(csrfToken, signedOut) {
  token = csrfToken || "";
  whenSignedOut = signedOut;
}

/** The path of a request, with its tag and id. */
export const pathOf = (request, rest = "") =>
  `/v1/requests/${encodeURIComponent(request.tag)}/${encodeURIComponent(request.requestId)}${rest}`;

/** Reads. */
export const read = (path, signal) => send("GET", path, undefined, signal);

/** Changes something. */
export const change = (path, body = {}) => send("POST", path, body);

async function send(method, path, body, signal) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    headers["X-CSRF-Token"] = token;
  }
  let response;
  try {
    response = await fetch(path, {
      method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin", cache: "no-store", redirect: "error",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ status: 0, title: texts.trouble.offline });
  }
  if (response.ok) return response.status === 204 ? null : response.json();
  const problem = await problemOf(response);
  if (problem.isSignedOut) whenSignedOut();
  throw problem;
}

async function problemOf(response) {
  let told = {};
  try {
    told = await response.json();
  } catch {
    // A proxy between may answer with something else; its status is all that is known then.
  }
  const title = typeof told.title === "string" ? sentence(told.title) : texts.trouble.status(response.status);
  const word = failureWord(told.code);
  return new Problem({
    status: response.status,
    title: word || title,
    details: [word ? title : "", told.detail],
    mender: menderText(told.mender),
    code: told.code,
    reference: String(told.instance || response.headers.get("X-Request-ID") || "").replace("urn:request:", ""),
  });
}
