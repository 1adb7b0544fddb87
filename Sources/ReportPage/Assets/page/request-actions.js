// What can be done with a request: download, cancel, try again, a new file.
import { announce, button, make } from "./elements.js";
import { change, pathOf } from "./api.js";
import { openDialog } from "./dialog.js";
import { PasswordField } from "./password-field.js";
import { notice, problemNotice } from "./notice.js";
import { loadReports, reloadReports } from "./reports.js";
import { reportTitle } from "./wording.js";
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
 * `perform` is given what is to be done, and does it.
 */
export async function again(kind, request, perform) {
  const offer = await loadReports();
  if (needsPassword(offer, request)) {
    askForPassword(kind, request, perform, offer.passwordRule);
    return;
  }
  try {
    await perform(() => change(pathOf(request, `/${kind}`)));
  } catch (problem) {
    // The report may be protected since it was read how it is.
    const now = problem.isRefusal ? await reloadReports() : offer;
    if (!needsPassword(now, request)) throw problem;
    askForPassword(kind, request, perform, now.passwordRule, texts.again.changed);
  }
}

const needsPassword = ({ reports }, request) => reports.find(({ id }) => id === request.report)?.needsPassword === true;

function askForPassword(kind, request, perform, rule, news = "") {
  const words = texts.again;
  const field = new PasswordField(rule);
  const messages = make("div");
  const form = make(
    "form", { class: "stack", novalidate: true, id: "again-form", on: { submit: (event) => { event.preventDefault(); send(); } } },
    news ? notice("wait", news) : null, make("p", { text: kind === "fresh" ? words.freshLead : words.retryLead }), field.element,
    make("p", { class: "small quiet", text: texts.form.passwordIntro }), messages);
  const dialog = openDialog(
    `${words[kind]}: ${reportTitle(request.report, request.reportTitle)}`, form, [
      button(words.cancel, "", () => dialog.close()),
      make("button", { type: "submit", class: "button primary", form: "again-form", text: words[kind] }),
    ], { isSmall: true });

  async function send() {
    if (!field.isGood) {
      field.demand();
      return;
    }
    try {
      await perform(async () => {
        const changed = await change(pathOf(request, `/${kind}`), { password: field.value });
        // First, so that the focus is back in the row when that changes.
        dialog.close();
        return changed;
      });
    } catch (problem) {
      messages.replaceChildren(problemNotice(problem));
      if (problem.isRefusal) reloadReports().then(({ passwordRule }) => { field.rule = passwordRule; }, () => {});
    }
  }
}
