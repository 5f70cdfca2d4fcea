import { el } from "./dom.js";
import { NumberField } from "./field.js";

/** How long the answer will be, for models that bill it. */
export class Answer {
  /** `state`: `{expected, max}`, kept by the caller. */
  constructor(app, state) {
    const field = (name, label, placeholder) =>
      new NumberField(app, {
        label: app.say(label),
        value: state[name],
        whole: true,
        placeholder,
        changed: (value) => {
          state[name] = value;
          app.changed();
        },
      });
    this.state = state;
    this.expected = field("expected", "answer.expected");
    this.max = field("max", "answer.max", app.say("answer.limit"));
    this.node = el("fieldset", {}, el("legend", {}, app.say("answer")), el("div", { class: "pair" }, this.expected.node, this.max.node));
  }

  offer(models) {
    this.node.hidden = !models.some((model) => model.prices.some((price) => price.unit === "output_token"));
  }

  /** As an option; nothing when no length is given, so that the estimate says what is unknown. */
  option() {
    const [expected, max] = [this.state.expected.trim(), this.state.max.trim()];
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
