// Finds a course by part of its name: a combobox after the ARIA authoring practices (list autocomplete, manual selection).
import { announce, freshID, make, setAttribute } from "./elements.js";
import { read } from "./api.js";
import { texts } from "/assets/texts/en.js";

const limit = 20;
const pause = 200; // milliseconds without a key before a search is sent

export class CourseSearch {
  #chosen;
  #courses = [];
  #active = -1;
  #timer = 0;
  #pending = null;

  /** `chosen` is given the course that was picked. */
  constructor(chosen) {
    this.#chosen = chosen;
    const id = freshID("course");
    this.list = make("ul", { id: `${id}-list`, role: "listbox", "aria-label": texts.form.courseLabel });
    this.note = make("p", { class: "note small", hidden: true });
    this.popup = make("div", { class: "options", hidden: true }, this.list, this.note);
    this.input = make("input", {
      id, class: "input", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      placeholder: texts.form.courseHint, "aria-controls": this.list.id, "aria-expanded": "false",
      "aria-autocomplete": "list",
      on: {
        input: () => this.#searchSoon(), keydown: (event) => this.#key(event),
        focus: () => this.#search(), blur: () => this.#close(),
      },
    });
    this.trouble = make("p", { class: "problem-line", role: "alert", hidden: true });
    this.element = make(
      "div", { class: "field combo" }, make("label", { for: id, text: texts.form.courseLabel }), this.input, this.popup,
      this.trouble);
  }

  /** The only course there is for this user, or null; also says when there is none. */
  async only() {
    const { collections, byName } = await read(`/v1/collections?limit=2`);
    if (byName === false) {
      setAttribute(this.input, "placeholder", texts.form.courseIDHint);
      return null;
    }
    if (collections.length === 0) this.#complain(texts.form.courseNoneAtAll);
    return collections.length === 1 ? collections[0] : null;
  }

  #complain(text) {
    this.trouble.textContent = text;
    this.trouble.hidden = !text;
  }

  #searchSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), pause);
  }

  async #search() {
    this.#pending?.abort();
    this.#pending = new AbortController();
    const query = this.input.value.trim();
    try {
      const path = `/v1/collections?query=${encodeURIComponent(query)}&limit=${limit}`;
      const { collections, byName } = await read(path, this.#pending.signal);
      this.#complain("");
      if (document.activeElement === this.input) this.#show(collections, query, byName !== false);
    } catch (problem) {
      if (problem.name !== "AbortError") this.#complain(problem.message);
    }
  }

  #show(courses, query, byName) {
    this.#courses = courses;
    this.#active = -1;
    this.list.replaceChildren(...courses.map((course, index) => this.#option(course, index)));
    const note = courses.length === 0
      ? (!byName ? texts.form.courseByID(query) : query ? texts.form.courseNone(query) : texts.form.courseNoneAtAll)
      : courses.length === limit ? texts.form.courseMore(limit) : "";
    this.note.textContent = note;
    this.note.hidden = !note;
    this.list.hidden = courses.length === 0;
    this.popup.hidden = false;
    setAttribute(this.input, "aria-expanded", String(courses.length > 0));
    setAttribute(this.input, "aria-activedescendant", null);
    announce(courses.length === 0 ? note : texts.form.courseFound(courses.length));
  }

  #option(course, index) {
    return make(
      "li", {
        id: `${this.input.id}-option-${index}`, role: "option", "aria-selected": "false",
        // Before the field loses the focus, which would close the list.
        on: { pointerdown: (event) => { event.preventDefault(); this.#pick(index); } },
      },
      make("span", { text: course.name || course.identifier }),
      make("span", { class: "quiet small", text: [course.identifier, texts.form.courseStatus[course.status]].filter(Boolean).join(" · ") }));
  }

  #key(event) {
    const isOpen = !this.popup.hidden && this.#courses.length > 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) this.#search();
      else this.#move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen && (this.#active >= 0 || this.#courses.length === 1)) this.#pick(Math.max(this.#active, 0));
    } else if (event.key === "Escape" && !this.popup.hidden) {
      event.preventDefault();
      this.#close();
    }
  }

  #move(step) {
    const length = this.#courses.length;
    this.#active = (this.#active + step + (this.#active < 0 && step < 0 ? 1 : 0) + length) % length;
    [...this.list.children].forEach((option, index) =>
      setAttribute(option, "aria-selected", String(index === this.#active)));
    const option = this.list.children[this.#active];
    setAttribute(this.input, "aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #pick(index) {
    const course = this.#courses[index];
    this.#close();
    this.input.value = "";
    this.#chosen(course);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#pending?.abort();
    this.popup.hidden = true;
    setAttribute(this.input, "aria-expanded", "false");
    setAttribute(this.input, "aria-activedescendant", null);
  }
}
