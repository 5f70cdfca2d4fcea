import { ScripError, scripError } from "../error.js";
import { answered, json, loaded, moment } from "./load.js";
import { apart, EDITED } from "./tokens.js";

export class Preview {
  #live;
  /** The text, where a tokenizer holds it. */
  #text;
  #at;

  constructor(book, model, options) {
    const { options: others, at, tokenizer } = apart(options);
    this.#at = at;
    this.#live = new (loaded().Live)(book);
    answered(this.#live.open(json({ model, options: others, encoding: tokenizer?.encoding }), moment(at)));
    this.#text = tokenizer?.[EDITED]();
  }

  setText(text) {
    const live = this.#alive();
    if (typeof text !== "string") throw new ScripError("invalid_text", "expected text", "");
    if (!this.#text) return estimate(live.set(units(text), moment(this.#at)));
    return this.#counted((edited) => edited.set(text));
  }

  edit(start, end, inserted) {
    const live = this.#alive();
    if (typeof inserted !== "string") throw new ScripError("invalid_text", "expected text", "");
    const [from, to] = [position(start), position(end)];
    if (!this.#text) return estimate(live.edit(from, to, units(inserted), moment(this.#at)));
    return this.#counted((edited) => edited.edit(from, to, inserted));
  }

  estimate() {
    return estimate(this.#alive().estimate(moment(this.#at)));
  }

  count() {
    return this.#alive().count(moment(this.#at));
  }

  free() {
    this.#live?.free();
    this.#text?.free();
    this.#live = this.#text = undefined;
  }

  #alive() {
    if (!this.#live) throw new ScripError("freed", "this preview was freed");
    return this.#live;
  }

  #counted(change) {
    const text = this.#text;
    let tokens;
    try {
      tokens = change(text);
    } catch (fault) {
      throw scripError(fault);
    }
    return estimate(this.#live.measured(text.characters(), text.bytes(), !text.isExact(), tokens, moment(this.#at)));
  }
}

const estimate = (answer) => JSON.parse(answered(answer));

/** Anything but a number is no position of any text. */
const position = (place) => (typeof place === "number" ? place : -1);

/** Its code units: half a surrogate pair must not be lost on the way, since another edit may bring the other half. */
function units(text) {
  const units = new Uint16Array(text.length);
  for (let place = 0; place < text.length; place++) units[place] = text.charCodeAt(place);
  return units;
}
