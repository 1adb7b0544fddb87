// A field for a password: the rule is shown and checked while one types; a strong one is offered, shown, copied.
import { announce, button, freshID, make, setAttribute, setText } from "./elements.js";
import { checkRule, keepsRule, strongPassword } from "./password-rule.js";
import { texts } from "/assets/texts/en.js";

export class PasswordField {
  #rule;

  constructor(rule) {
    this.#rule = rule;
    const id = freshID("password");
    this.input = make("input", {
      id, class: "input secret", type: "password", autocomplete: "new-password", autocapitalize: "none",
      spellcheck: "false", "aria-describedby": `${id}-rule`, on: { input: () => this.#check() },
    });
    this.toggle = button(texts.password.show, "compact", () => this.#show(this.input.type === "password"), {
      "aria-label": texts.password.showLabel,
    });
    this.copyButton = button(texts.password.copy, "compact", () => this.#copy(), { hidden: true });
    this.parts = make("ul", { class: "rule", id: `${id}-rule`, "aria-label": texts.password.ruleHeading });
    this.element = make(
      "div", { class: "stack-tight" },
      make(
        "div", { class: "field" }, make("label", { for: id, text: texts.form.password }), this.input),
      make(
        "div", { class: "cluster" }, button(texts.password.suggest, "compact", () => this.#suggest()), this.toggle,
        this.copyButton),
      this.parts);
    this.#check();
  }

  /** Takes another rule; what stands in the field is held to it. */
  set rule(rule) {
    this.#rule = rule;
    this.#check();
  }

  get value() {
    return this.input.value;
  }

  get isGood() {
    return keepsRule(this.value, this.#rule);
  }

  /** Marks the field as the one to mend, and moves there. */
  demand() {
    setAttribute(this.input, "aria-invalid", "true");
    this.input.focus();
  }

  #check() {
    const words = {
      length: texts.password.ruleLength(this.#rule.minimumCharacters), space: texts.password.ruleSpace,
      bytes: texts.password.ruleBytes(this.#rule.maximumBytes),
    };
    this.parts.replaceChildren(...checkRule(this.value, this.#rule).map(({ name, isKept }) =>
      make(
        "li", { class: isKept ? "kept" : "" },
        make("span", {}, words[name], make("span", { class: "unseen", text: `, ${isKept ? texts.password.ruleKept : texts.password.ruleOpen}` })))));
    if (this.isGood) setAttribute(this.input, "aria-invalid", null);
    this.copyButton.hidden = this.value === "";
    setText(this.copyButton, texts.password.copy);
  }

  #show(isShown) {
    this.input.type = isShown ? "text" : "password";
    setText(this.toggle, isShown ? texts.password.hide : texts.password.show);
    setAttribute(this.toggle, "aria-label", isShown ? texts.password.hideLabel : texts.password.showLabel);
  }

  #suggest() {
    this.input.value = strongPassword(this.#rule);
    this.#show(true);
    this.#check();
    announce(texts.password.suggested);
  }

  async #copy() {
    try {
      if (navigator.clipboard) await navigator.clipboard.writeText(this.value);
      else this.#copyBySelection();
      setText(this.copyButton, texts.password.copied);
      announce(texts.password.copiedLong);
    } catch {
      announce(texts.password.notCopied);
      this.#show(true);
      this.input.select();
    }
  }

  /** For pages without https, where there is no clipboard interface. */
  #copyBySelection() {
    const type = this.input.type;
    this.input.type = "text";
    this.input.select();
    const isCopied = document.execCommand("copy");
    this.input.type = type;
    if (!isCopied) throw new Error("not copied");
  }
}
