import { el } from "./dom.js";
import { NumberField } from "./field.js";

/** How long the answer will be, for models that bill it. */
export class Answer {
  #state;


  /** `state`: `{expected, max}`, kept by the caller. */
  constructor(app, state) {
    const { say } = app;
    this.#state = state;
    this.expected = new NumberField(app, state, "expected", { label: say("answer.expected"), whole: true });
    this.max = new NumberField(app, state, "max", { label: say("answer.max"), whole: true, placeholder: say("answer.limit") });
    this.node = el("fieldset", {}, el("legend", {}, say("answer.title")), el("div.pair", {}, this.expected.node, this.max.node));
  }

  offer(models) {
    this.node.hidden = !models.some((model) => model.prices.some((price) => price.unit === "output_token"));
  }

  /** As an option; nothing when no length is given, so that the estimate says what is unknown. */
  option() {
    const [expected, max] = [this.#state.expected.trim(), this.#state.max.trim()];
    if (this.node.hidden || (!expected && !max)) return undefined;
    return { expected: expected || "0", ...(max && { max }) };
  }

  takes(error) {
    const member = /\/output_tokens\/(expected|max)$/.exec(error.path ?? "")?.[1];
    if (member) this[member].fault(error);
    return Boolean(member);
  }

  clear() {
    this.expected.fault();
    this.max.fault();
  }
}
