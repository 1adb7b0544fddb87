// What was chosen, kept for this tab so that signing in again or reloading loses nothing. A password is never kept.
const key = "exhaust.draft";

/** The kept choice: `{ course, batchId, report }`, each of which may be missing. */
export function draft() {
  try {
    return JSON.parse(sessionStorage.getItem(key)) || {};
  } catch {
    return {};
  }
}

/** Keeps these parts beside those kept before. */
export function keep(parts) {
  try {
    sessionStorage.setItem(key, JSON.stringify({ ...draft(), ...parts }));
  } catch {
    // Without storage (private windows of some browsers) the choice just does not outlive a reload.
  }
}
