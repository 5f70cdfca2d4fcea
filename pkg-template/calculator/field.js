import { el, id, put } from "./dom.js";

/** A labelled control for a plain number, with the place where its fault is shown. */
export class NumberField {
  #input;
  #fault;

  /** `label`, `value`, `whole`, `placeholder`; `changed(text)` is called with what was typed. */
  constructor(app, { label, value = "", whole, placeholder, unit, changed }) {
    this.app = app;
    this.whole = whole;
    const [own, fault] = [id("n"), id("n")];
    this.#fault = el("p", { class: "fault", part: "fault", id: fault, hidden: true });
    this.#input = el("input", {
      id: own,
      part: "input",
      type: "text",
      inputmode: whole ? "numeric" : "decimal",
      autocomplete: "off",
      placeholder,
      "aria-describedby": fault,
      oninput: () => changed(this.value),
    });
    this.#input.value = value;
    this.node = el("div", { class: "field", part: "field" }, el("label", { for: own }, label), this.#input, this.#fault);
    if (unit) this.node.append(unit);
  }

  get value() {
    return this.#input.value.trim();
  }

  set value(text) {
    this.#input.value = text;
  }

  focus() {
    this.#input.focus();
  }

  /** Shows what is wrong; nothing when `error` is absent. */
  fault(error) {
    put(this.#fault, error ? explain(this.app, error, this.whole) : "");
    if (error) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }
}

/** A refusal in the reader's words where it is a common one, else as the package says it. */
export const explain = ({ say }, { code, message }, whole) => {
  if (code === "invalid_quantity" || code === "invalid_decimal") return say(whole ? "fault.whole" : "fault.decimal");
  if (code === "overflow") return say("fault.overflow");
  if (code === "usage_missing") return say("fault.missing");
  return message.replace(/ \(at [^)]*\)$/, "").replace(/^./u, (first) => first.toUpperCase());
};
