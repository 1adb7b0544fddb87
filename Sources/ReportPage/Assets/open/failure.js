// Why a file could not be opened. The code is a name in the texts, which say what it means and what to do.

/** `code`: wrongPassword, damaged, notZip, unsupported, publicKey, tooLarge, contentTooLarge, unreadable, … */
export class OpenFailure extends Error {
  constructor(code, reason = "") {
    super(reason || code);
    this.code = code;
  }
}

export const damaged = (reason) => new OpenFailure("damaged", reason);
