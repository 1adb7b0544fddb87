// The page that opens report files: nothing of it needs the service once it is loaded.
import { announce, button, freshID, make, setAttribute } from "/assets/page/elements.js";
import { showBanner } from "/assets/page/banner.js";
import { size } from "/assets/page/format.js";
import { notice } from "/assets/page/notice.js";
import { read, useSession } from "/assets/page/api.js";
import { howTo } from "./how-to.js";
import { openedView } from "./opened.js";
import { Opener } from "./opener.js";
import { texts } from "/assets/texts/en.js";

const words = texts.open;
const id = freshID("open");
const panel = make("section", { class: "panel stack", "aria-label": words.heading });
const chosen = make("p", { class: "small", text: words.limit });
const fileInput = make("input", { id: `${id}-file`, type: "file", accept: ".zip,application/zip", class: "unseen", on: { change: () => choose(fileInput.files[0]) } });
const drop = make(
  "div", { class: "drop", on: { dragover: hover, dragenter: hover, dragleave: leave, drop: dropped } },
  make("label", { class: "button primary", for: fileInput.id, text: words.choose }), make("span", { class: "quiet", text: words.drop }), chosen);
const password = make("input", {
  id: `${id}-password`, class: "input secret", type: "password", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
  "aria-describedby": `${id}-hint`,
});
const toggle = button(texts.password.show, "compact", () => {
  const isShown = password.type === "password";
  password.type = isShown ? "text" : "password";
  toggle.textContent = isShown ? texts.password.hide : texts.password.show;
  setAttribute(toggle, "aria-label", isShown ? texts.password.hideLabel : texts.password.showLabel);
}, { "aria-label": texts.password.showLabel });
const start = make("button", { type: "submit", class: "button primary", text: words.start });
const messages = make("div", { class: "stack-tight" });
const form = make(
  "form", { class: "stack", novalidate: true, on: { submit: (event) => { event.preventDefault(); open(); } } },
  make("div", { class: "field file-field" }, fileInput, drop),
  make(
    "div", { class: "field" }, make("label", { for: password.id, text: words.password }),
    make("div", { class: "password-row" }, password, toggle), make("p", { id: `${id}-hint`, class: "small quiet", text: words.passwordHint })),
  make("div", { class: "cluster" }, start), messages);
let file = null;
let opener = null;
let isBusy = false;

function begin() {
  showBanner("open", null);
  const hindrance = hindranceOf();
  if (hindrance) panel.replaceChildren(notice("bad", ...hindrance));
  else {
    opener = new Opener();
    panel.replaceChildren(form);
  }
  document.getElementById("main").replaceChildren(
    make("div", { class: "open-head" }, make("h1", { text: words.heading }), make("p", { class: "lead", text: words.lead })),
    make("div", { class: "open-columns" }, panel, make("div", { class: "stack" }, howTo())));
  // Who is signed in is shown if the service is there to say so; the page does not need to know.
  read("/v1/session").then((session) => {
    useSession(session.csrfToken, () => {});
    showBanner("open", session);
  }, () => {});
}

/** Why nothing can be opened here: `[title, [what to do]]`; null if it can. */
function hindranceOf() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) return [words.insecure, [words.insecureLead]];
  if (!globalThis.DecompressionStream || !globalThis.Worker) return [words.unsupportedBrowser, [words.unsupportedBrowserLead]];
  return null;
}

function choose(newFile) {
  file = newFile || null;
  messages.replaceChildren();
  chosen.textContent = file ? words.chosen(file.name, size(file.size)) : words.limit;
  chosen.classList.toggle("has-file", file !== null);
  if (file) {
    announce(chosen.textContent);
    password.focus();
  }
}

function hover(event) {
  event.preventDefault();
  drop.classList.add("over");
}

function leave() {
  drop.classList.remove("over");
}

function dropped(event) {
  event.preventDefault();
  leave();
  choose(event.dataTransfer.files[0]);
}

async function open() {
  if (isBusy) return;
  if (!file) {
    fail("fileMissing");
    fileInput.focus();
    return;
  }
  isBusy = true;
  const bar = make("progress", { max: "1", "aria-label": words.checkingLabel });
  const line = make("p", { class: "small figures", text: words.reading });
  const stop = button(words.stop, "compact", () => opener.stop());
  start.hidden = true;
  messages.replaceChildren(bar, line, make("div", {}, stop));
  stop.focus();
  try {
    const opened = await opener.open(file, password.value, (done, total) => {
      bar.value = total ? done / total : 1;
      line.textContent = done < total ? words.checking(size(done), size(total)) : words.unpacking;
    });
    show(opened);
  } catch (error) {
    start.hidden = false;
    if (error.code === "stopped") messages.replaceChildren(notice("", words.stopped));
    else fail(error.code);
    (["wrongPassword", "passwordMissing"].includes(error.code) ? password : start).focus();
  } finally {
    isBusy = false;
  }
}

function fail(code) {
  const [title, detail] = words.failures[code] || words.failures.fault;
  messages.replaceChildren(notice("bad", title, [detail], { isAlert: true }));
}

function show(opened) {
  const { content, heading } = openedView(opened, file.name, opener, again);
  panel.replaceChildren(...content.filter(Boolean));
  panel.parentElement.classList.add("is-open");
  heading.focus();
}

function again() {
  password.value = "";
  fileInput.value = "";
  start.hidden = false;
  choose(null);
  panel.parentElement.classList.remove("is-open");
  panel.replaceChildren(form);
  fileInput.focus();
}

begin();
