// Banner and footer, the same on both pages.
import { make, button } from "./elements.js";
import { change } from "./api.js";
import { language, texts } from "/assets/texts/en.js";

/** Fills the banner. `place` is `reports`, `open`, or `sign-in`, which is none of these; without a session nobody is named. */
export function showBanner(place, session) {
  document.documentElement.lang = language;
  document.title = place === "open" ? texts.frame.openTitle : texts.frame.title;
  const link = (name, path) =>
    make("li", {}, make("a", { href: path, text: texts.frame[name], "aria-current": name === place ? "page" : null }));
  const parts = [
    make("a", { class: "skip button primary", href: "#main", text: texts.frame.skip }),
    make("a", { class: "brand", href: "/" }, make("img", { src: "/assets/image/icon.svg", alt: "" }), make("span", { text: texts.product })),
    make("nav", { "aria-label": texts.frame.navigation }, make("ul", {}, link("reports", "/"), link("open", "/open"))),
  ];
  if (session?.signedIn) parts.push(who(session));
  document.getElementById("banner").replaceChildren(...parts);
  document.getElementById("colophon").replaceChildren(make("p", { text: texts.frame.colophon }));
}

function who(session) {
  const isDemo = session.mode === "demo";
  return make(
    "div", { class: "who" },
    make(
      "span", { class: "who-name" },
      make("span", {}, make("span", { class: "unseen", text: `${texts.frame.signedInAs} ` }), session.user),
      make("span", { class: "quiet", text: texts.frame.organisation(session.channel) })),
    isDemo
      ? make("span", { class: "pill wait", text: texts.frame.demo })
      : button(texts.frame.signOut, "compact", signOut));
}

/** Ends the session here, then at the provider, which else signs the next person in without a question. */
async function signOut() {
  let next = "/";
  try {
    const { continueAt } = await change("/v1/sign-out");
    next = continueAt || next;
  } finally {
    location.assign(next);
  }
}
