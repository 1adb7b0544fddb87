// The rule for passwords, and passwords that keep it.

/** Each part of the rule with whether `password` keeps it: `{ name, isKept }`. */
export function checkRule(password, rule) {
  const bytes = new TextEncoder().encode(password).length;
  return [
    { name: "length", isKept: characters(password) >= rule.minimumCharacters },
    { name: "space", isKept: password.length > 0 && password.trim() === password },
    // Hardly anybody gets there; said only to who does.
    ...(bytes > rule.maximumBytes ? [{ name: "bytes", isKept: false }] : []),
  ];
}

/** Characters as a reader sees them, which is how the service counts. */
function characters(text) {
  return Intl.Segmenter ? [...new Intl.Segmenter().segment(text)].length : [...text].length;
}

/** Whether `password` keeps the whole rule. */
export const keepsRule = (password, rule) => checkRule(password, rule).every((part) => part.isKept);

// 32 letters and digits that cannot be taken for one another, so that each stands for exactly five random bits.
const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

/** A password of 120 random bits, or more where the rule wants it longer, in groups that can be read out. */
export function strongPassword(rule) {
  const groups = Math.max(4, Math.ceil((rule.minimumCharacters + 1) / 7));
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(groups * 6)), (byte) => alphabet[byte & 31]);
  return Array.from({ length: groups }, (_, index) => letters.slice(index * 6, index * 6 + 6).join("")).join("-");
}
