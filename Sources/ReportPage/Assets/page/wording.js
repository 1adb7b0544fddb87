// Words for what the service tells by codes; what the texts have no words for is shown as the service says it.
import { texts } from "/assets/texts/en.js";

/** Own members only: a code is anybody's text. */
const word = (words, code) => (Object.hasOwn(words, code ?? "") ? words[code] : null);

/** The title of a report; `told` is the service's. */
export const reportTitle = (id, told) => word(texts.reports, id)?.title || told || id;

/** What a report holds, one sentence. */
export const reportSummary = (id, told) => word(texts.reports, id)?.summary || told || "";

/** What a finding means; of receipts (`meaning`) and of requests (`message`). */
export const findingText = (finding) => word(texts.findings, finding.code) || finding.message || finding.meaning || finding.code;

/** Who is left out of a report. */
export const leftOutText = (entry) => word(texts.leftOut, entry.code) || entry.text;

/** What a column means, in this layout. */
export const columnMeaning = (column, layout) =>
  word(texts.columns, `${column.label}@${layout}`) || word(texts.columns, column.label) || column.meaning;

/** The unit of a column; empty without one. */
export const columnUnit = (column) => (column.unit ? word(texts.units, column.unit) || column.unit : "");

/** Why a report or a batch cannot be had. */
export const reasonText = (item) => word(texts.form.reasons, item.reasonCode) || item.reason;

/** What kind of failure it is; null for codes without words. */
export const failureWord = (code) => word(texts.trouble.codes, code);

/** Who can mend it; empty if nobody is named. */
export const menderText = (mender) => word(texts.trouble.mender, mender) || "";

/** Messages begin with what they are about: a word of the language, or a name that stays as it is. */
export const sentence = (message) => message.replace(/^\p{Ll}+(?=[ :])/u, (first) => first[0].toUpperCase() + first.slice(1));
