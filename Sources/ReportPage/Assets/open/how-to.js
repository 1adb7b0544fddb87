// How to open the file with other programs, the user's own system first; and what is in it.
import { make } from "/assets/page/elements.js";
import { texts } from "/assets/texts/en.js";

const words = texts.open;

/** The name of the user's system among the texts, or null. */
export function systemOf(agent) {
  if (/iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return "ios";
  if (/Android/.test(agent)) return "android";
  if (/Windows/.test(agent)) return "windows";
  if (/Macintosh/.test(agent)) return "macos";
  return /Linux|X11|CrOS/.test(agent) ? "linux" : null;
}

/** The panels of instructions. */
export function howTo() {
  const own = systemOf(navigator.userAgent);
  const names = Object.keys(words.systems).sort((left, right) => Number(right === own) - Number(left === own));
  return [
    make(
      "section", { class: "panel", "aria-labelledby": "other-heading" },
      make("div", { class: "panel-head" }, make("h2", { id: "other-heading", text: words.other }), make("p", { class: "lead", text: words.otherLead })),
      make("div", { class: "systems" }, names.map((name) => system(name, name === own)))),
    make(
      "section", { class: "panel", "aria-labelledby": "inside-heading" },
      make("div", { class: "panel-head" }, make("h2", { id: "inside-heading", text: words.inside })),
      make("dl", { class: "inside" }, words.insideList.flatMap(([name, meaning]) => [make("dt", { text: name }), make("dd", { text: meaning })])),
      make("p", { class: "small quiet", text: words.garbled })),
  ];
}

function system(name, isOwn) {
  const { name: title, steps } = words.systems[name];
  return make(
    "details", { id: name, open: isOwn || location.hash === `#${name}` },
    make("summary", {}, title, isOwn ? make("span", { class: "pill good", text: words.yourSystem }) : null),
    make("ol", {}, steps.map((text) => make("li", { text }))));
}
