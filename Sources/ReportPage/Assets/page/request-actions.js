// What can be done with a request: download, cancel, try again, a new file.
import { announce, button, make } from "./elements.js";
import { change, pathOf } from "./api.js";
import { openDialog } from "./dialog.js";
import { PasswordField } from "./password-field.js";
import { problemNotice } from "./notice.js";
import { loadReports } from "./reports.js";
import { texts } from "/assets/texts/en.js";

/** Downloads a file by a link that is made now, so that it never matters how long the page has been open. */
export async function download(request, file) {
  const { url } = await change(pathOf(request, "/links"), { file: file.index });
  // An answer with Content-Disposition: the page stays where it is.
  const link = make("a", { href: url, download: file.name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  announce(texts.requests.downloadStarted(file.name));
}

/** Cancels; answers the request as it is then. */
export const cancel = (request) => change(pathOf(request, "/cancel"));

/**
 * Asks for the file anew (`fresh`) or for another attempt (`retry`), with a password where the report needs one;
 * `done` is given the request as it is then.
 */
export async function again(kind, request, done) {
  const { reports, passwordRule } = await loadReports();
  const report = reports.find((candidate) => candidate.id === request.report);
  if (!report?.needsPassword) {
    done(await change(pathOf(request, `/${kind}`)));
    return;
  }
  const words = texts.again;
  const field = new PasswordField(passwordRule);
  const messages = make("div");
  const form = make(
    "form", { class: "stack", novalidate: true, id: "again-form", on: { submit: (event) => { event.preventDefault(); send(); } } },
    make("p", { text: kind === "fresh" ? words.freshLead : words.retryLead }), field.element,
    make("p", { class: "small quiet", text: texts.form.passwordIntro }), messages);
  const dialog = openDialog(
    `${words[kind]}: ${request.reportTitle}`, form, [
      button(words.cancel, "", () => dialog.close()),
      make("button", { type: "submit", class: "button primary", form: "again-form", text: words[kind] }),
    ], { isSmall: true });

  async function send() {
    if (!field.isGood) {
      field.demand();
      return;
    }
    try {
      const changed = await change(pathOf(request, `/${kind}`), { password: field.value });
      dialog.close();
      done(changed);
    } catch (problem) {
      messages.replaceChildren(problemNotice(problem));
    }
  }
}
