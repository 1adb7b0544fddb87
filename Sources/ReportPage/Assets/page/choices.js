// A group of radio buttons as cards. What may not be chosen stays in the way of the keyboard, so that its reason is heard.
import { freshID, make } from "./elements.js";

/**
 * Cards for `items`: each `{ value, title, pill, lines, reason }`, where a reason makes it unavailable. `chosen` is given the
 * value. `label` names the group.
 */
export function choices(items, { label, selected, chosen }) {
  const name = freshID("choice");
  const group = make("div", { class: "choices", role: "radiogroup", "aria-label": label });
  for (const item of items) group.append(card(item, name, item.value === selected, chosen));
  return group;
}

function card(item, name, isSelected, chosen) {
  const id = freshID(name);
  const input = make("input", {
    type: "radio", name, id, "aria-describedby": `${id}-about`, "aria-disabled": item.reason ? "true" : null,
    on: {
      click: (event) => { if (item.reason) event.preventDefault(); },
      change: () => { if (!item.reason) chosen(item.value); },
    },
  });
  input.checked = isSelected && !item.reason;
  return make(
    "div", { class: "choice", on: { click: (event) => { if (event.target !== input && !event.target.closest("label")) input.click(); } } },
    input, make("label", { class: "choice-title", for: id }, make("span", { text: item.title }), item.pill),
    make(
      "div", { class: "choice-body", id: `${id}-about` },
      (item.lines || []).filter(Boolean).map((text) => make("span", { text })),
      item.reason ? make("span", { class: "choice-reason", text: item.reason }) : null));
}
