// What reports there are, and the rule for passwords: read once, used by the form, the list and the dialogs; read anew when
// the service refuses what they let through, as an organisation's policy may have changed since.
import { read } from "./api.js";

let known = null;

/** `{ reports, passwordRule }`; a failed attempt is not kept. */
export function loadReports() {
  known ??= read("/v1/reports").catch((problem) => {
    known = null;
    throw problem;
  });
  return known;
}

/** The same, as the service tells it now. */
export function reloadReports() {
  known = null;
  return loadReports();
}
