import { el, id, put } from "./dom.js";

/** A labelled control for a plain number, with the place where its fault is shown. */
export class NumberField {
  #input;
  #fault;
  #whole;

  /** What is typed is kept as `state[name]`. */
  constructor(app, state, name, { label, whole, placeholder, hint }) {
    this.app = app;
    this.#whole = whole;
    const [own, fault] = [id("n"), id("n")];
    this.#fault = el("p.fault", { part: "fault", id: fault, hidden: true });
    this.#input = el("input", {
      id: own,
      part: "input",
      type: "text",
      inputmode: whole ? "numeric" : "decimal",
      autocomplete: "off",
      placeholder,
      "aria-describedby": fault,
      oninput: () => {
        state[name] = this.#input.value.trim();
        app.changed();
      },
    });
    this.#input.value = state[name] ?? "";
    this.node = el("div.field", { part: "field" }, el("label", { for: own }, label), this.#input, this.#fault);
    if (hint) this.node.append(el("p.hint", {}, hint));
  }

  /** Shows what is wrong; nothing when `error` is absent. */
  fault(error) {
    put(this.#fault, error ? explain(this.app, error, this.#whole) : "");
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
