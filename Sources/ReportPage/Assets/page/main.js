// Starts the page: who is there, then the form and the list.
import { make } from "./elements.js";
import { read, useSession } from "./api.js";
import { problemNotice, skeleton } from "./notice.js";
import { showBanner } from "./banner.js";
import { signInPanel } from "./sign-in.js";
import { RequestForm } from "./request-form.js";
import { RequestList } from "./request-list.js";
import { texts } from "/assets/texts/en.js";

const main = document.getElementById("main");
let list = null;

async function start() {
  showBanner("reports", null);
  main.replaceChildren(make("section", { class: "panel" }, skeleton()));
  try {
    const session = await read("/v1/session");
    if (session.signedIn) work(session);
    else signedOut(session);
  } catch (problem) {
    const box = problemNotice(problem, { retry: start });
    main.replaceChildren(make("section", { class: "panel alone" }, make("h1", { text: texts.trouble.heading }), box));
  }
}

function work(session) {
  showBanner("reports", session);
  useSession(session.csrfToken, () => ended(session));
  list = new RequestList();
  const form = new RequestForm((work) => list.perform(work, { isNew: true }));
  main.replaceChildren(
    make("h1", { class: "unseen", text: texts.frame.title }),
    make("div", { class: "columns" }, form.element, list.element));
  form.start();
  list.start();
}

function signedOut(session) {
  main.replaceChildren(signInPanel(session).panel);
}

/** The session has ended while the page was open: nothing of what it showed stays on the screen. */
async function ended(session) {
  if (!list) return;
  list.stop();
  list = null;
  for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
  let now = { ...session, signedIn: false };
  try {
    now = await read("/v1/session");
  } catch {
    // The path for signing in that was known before serves as well.
  }
  showBanner("reports", null);
  const { panel, heading } = signInPanel({ ...session, ...now }, { hasEnded: true });
  main.replaceChildren(panel);
  heading.focus();
}

start();
