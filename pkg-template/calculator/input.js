// What goes in: one of several kinds, as the models' units allow, each with its own control. What was typed in one kind stays
// there while another is shown.
import { arrange, el, id, put } from "./dom.js";
import { NumberField, explain } from "./field.js";

/** `units`: a model that prices one of them can be given it; `member`: of a usage, where that is not the kind's own name. */
const KINDS = {
  text: { units: ["character", "input_token"] },
  tokens: { member: "input_tokens", units: ["input_token"], whole: true },
  characters: { units: ["character"], whole: true },
  pages: { units: ["page", "character"] },
  minutes: { units: ["second"] },
  images: { units: ["image"], whole: true },
  requests: { units: ["request"], whole: true },
};

/** A browser lays a whole paragraph out anew at every key; one as long as this is not wrapped, so that typing stays quick. */
const LONG_LINE = 10_000;

const hasLongLine = (text) => {
  for (let start = 0; text.length - start > LONG_LINE; ) {
    const end = text.indexOf("\n", start);
    if (end < 0 || end - start > LONG_LINE) return true;
    start = end + 1;
  }
  return false;
};

const FAULTS = new Set(["usage_missing", "invalid_quantity", "overflow", "invalid_text"]);

export class Input {
  #choices = new Map();
  #panes = new Map();
  #state;
  #group;
  #none;
  #legend;
  #segments = el("div.segments");
  #shown = el("div");

  /** `state`: `{kind, values}`, kept by the caller. */
  constructor(app, state, legend = app.say("input.title")) {
    this.app = app;
    this.#state = state;
    this.#group = id("k");
    this.#none = el("p.hint", { hidden: true }, app.say("input.none"));
    this.#legend = el("legend", {}, legend);
    this.node = el("fieldset", { part: "field" }, this.#legend, this.#segments, this.#none, this.#shown);
  }

  /** Offers the kinds that one of these models can be given. */
  offer(models) {
    const priced = new Set(models.flatMap((model) => model.prices.map((price) => price.unit)));
    const kinds = Object.keys(KINDS).filter((kind) => KINDS[kind].units.some((unit) => priced.has(unit)));
    if (kinds.length && !kinds.includes(this.#state.kind)) this.#state.kind = kinds[0];
    arrange(this.#segments, kinds.map((kind) => this.#choice(kind)));
    this.#segments.hidden = kinds.length < 2;
    // One kind needs no choice, and its control has a label of its own.
    this.#legend.classList.toggle("unseen", kinds.length === 1 && kinds[0] !== "text");
    this.#none.hidden = kinds.length > 0;
    this.#show();
  }

  get kind() {
    return this.#state.kind;
  }

  get empty() {
    return !this.#state.values[this.kind]?.trim();
  }

  /** Text is taken as it was typed, a number without the blanks around it. */
  usage() {
    const value = this.#state.values[this.kind] ?? "";
    if (this.kind === "text") return { text: value };
    return this.empty ? {} : { [KINDS[this.kind].member ?? this.kind]: value.trim() };
  }

  /** Whether the fault is in what is typed here; then it is shown. To be asked after fields whose fault has a path of its own. */
  takes(error) {
    if (!FAULTS.has(error.code)) return false;
    this.#pane(this.kind).fault(error);
    return true;
  }

  clear() {
    this.#pane(this.kind).fault();
  }

  /** What the text was counted as. */
  note(text) {
    this.#panes.get("text")?.note(text);
  }

  #choice(kind) {
    if (!this.#choices.has(kind)) {
      const own = id("k");
      const radio = el("input", { type: "radio", name: this.#group, id: own, value: kind, onchange: () => this.#choose(kind) });
      radio.checked = kind === this.#state.kind;
      this.#choices.set(kind, el("span.segment", {}, radio, el("label", { for: own }, this.app.say(`kind.${kind}`))));
    }
    return this.#choices.get(kind);
  }

  #choose(kind) {
    this.#state.kind = kind;
    this.#show();
    this.app.changed();
  }

  #show() {
    for (const [kind, choice] of this.#choices) choice.firstElementChild.checked = kind === this.kind;
    arrange(this.#shown, [this.#pane(this.kind).node]);
  }

  #pane(kind) {
    if (!this.#panes.has(kind)) this.#panes.set(kind, kind === "text" ? this.#text() : this.#number(kind));
    return this.#panes.get(kind);
  }

  #number(kind) {
    return new NumberField(this.app, this.#state.values, kind, { label: this.app.say(`kind.${kind}`), whole: KINDS[kind].whole });
  }

  #text() {
    const [own, note, wrong] = [id("t"), id("t"), id("t")];
    const wrap = () => area.classList.toggle("unwrapped", hasLongLine(area.value));
    const area = el("textarea", {
      id: own,
      part: "input",
      rows: 7,
      // A long text is checked again at every key, which takes longer than counting it.
      spellcheck: "false",
      placeholder: this.app.say("text.placeholder"),
      "aria-describedby": `${note} ${wrong}`,
      oninput: () => {
        wrap();
        this.#state.values.text = area.value;
        this.app.typed = true;
        this.app.changed();
      },
    });
    area.value = this.#state.values.text ?? "";
    wrap();
    const counted = el("p.hint", { id: note, part: "count" });
    const fault = el("p.fault", { id: wrong, part: "fault", hidden: true });
    return {
      node: el("div.field", {}, el("label.unseen", { for: own }, this.app.say("kind.text")), area, counted, fault),
      note: (text) => put(counted, text),
      fault: (error) => put(fault, error ? explain(this.app, error) : ""),
    };
  }
}
