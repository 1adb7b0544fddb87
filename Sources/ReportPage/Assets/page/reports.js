// What reports there are, and the rule for passwords: read once, used by the form, the list and the dialogs.
import { read } from "./api.js";

const usualRule = { minimumCharacters: 12, maximumBytes: 99 };
let known = null;

/** `{ reports, passwordRule }`; a failed attempt is not kept. */
export function loadReports() {
  known ??= read("/v1/reports").then(
    ({ reports, passwordRule }) => ({ reports, passwordRule: { ...usualRule, ...passwordRule } }),
    (problem) => {
      known = null;
      throw problem;
    });
  return known;
}
