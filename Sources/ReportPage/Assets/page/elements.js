// Makes elements without ever parsing markup: text stays text, whatever it holds.

/**
 * An element. `properties`: `class`, `text`, `on` (listeners by event), `data` (data attributes); every other name is an
 * attribute, where true stands for an empty one and false, null and undefined for none.
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else setAttribute(element, name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Sets, or with false, null and undefined removes, an attribute; leaves the document alone if nothing changes. */
export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Sets the text only if it is another, so that screen readers hear of changes alone. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A button that does `act` when pressed; `class` beside `button`. */
export function button(text, kind, act, properties = {}) {
  return make("button", { type: "button", class: `button ${kind}`.trim(), text, on: { click: act }, ...properties });
}

/** Has the browser save a blob under a name, as a download. */
export function saveAs(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = make("a", { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

let made = 0;

/** An id that no other element has. */
export function freshID(stem) {
  made += 1;
  return `${stem}-${made}`;
}

/** Says `text` to screen readers, once, after what they are saying now. */
export function announce(text) {
  const region = document.getElementById("announcements");
  if (!region) return;
  const line = make("p", { text });
  region.append(line);
  while (region.childElementCount > 3) region.firstElementChild.remove();
}
