import { Answer } from "./answer.js";
import { el, id, put } from "./dom.js";
import { explain } from "./field.js";
import { Input } from "./input.js";

/** One step of a pipeline: its model, what goes in unless the step before feeds it, and how long its answer will be. */
export class Step {
  #place = 0;
  #input;
  #answer;
  #model;
  #own;
  #choice;
  #number = el("span.number", { "aria-hidden": "true" });
  #feed = el("p.hint", { part: "fed" });
  #cost = el("span.amount");
  #fault = el("p.fault", { part: "fault", hidden: true });

  /** `state`: `{model, own, input, answer}`, which lives on when the calculator is drawn anew. */
  constructor(app, pipeline, state) {
    const { say } = app;
    this.app = app;
    this.state = state;
    this.key = id("s");
    this.#input = new Input(app, state.input);
    this.#answer = new Answer(app, state.answer);
    this.#model = el("select", { part: "input", onchange: () => {
      state.model = this.#model.value;
      app.changed();
    } }, ...bySupplier(app.models));
    this.#model.value = state.model;
    const own = id("s");
    this.#own = el("input", { id: own, type: "checkbox", onchange: () => {
      state.own = this.#own.checked;
      app.changed();
    } });
    this.#own.checked = state.own;
    this.#choice = el("div.check", {}, this.#own, el("label", { for: own }, say("step.own")));
    const button = (name, sign, press) => {
      const made = el("button.icon", { onclick: press }, sign);
      this[name] = made;
      return made;
    };
    this.node = el("li.step", { part: "step" },
      el("div.step-head", {}, this.#number, this.#model,
        button("up", "↑", () => this.#move(pipeline, -1)),
        button("down", "↓", () => this.#move(pipeline, 1)),
        button("gone", "×", () => pipeline.remove(this))),
      this.#feed, this.#input.node, this.#answer.node, this.#fault, el("div.step-foot", {}, this.#choice, this.#cost));
    this.focus = () => this.#model.focus();
  }

  #move(pipeline, by) {
    pipeline.move(this, by);
    this.app.draw();
    // The button that was pressed may have nothing further to do.
    const [pressed, other] = by < 0 ? [this.up, this.down] : [this.down, this.up];
    (pressed.disabled ? other : pressed).focus();
  }

  place(place, count) {
    const { say } = this.app;
    const models = [this.app.model(this.state.model)];
    this.#place = place;
    const n = String(place + 1);
    put(this.#number, n);
    this.node.setAttribute("aria-label", say("step.number", { n }));
    this.#model.setAttribute("aria-label", say("step.model", { n }));
    for (const [name, key] of [["up", "step.up"], ["down", "step.down"], ["gone", "step.remove"]]) this[name].setAttribute("aria-label", say(key, { n }));
    this.up.disabled = place === 0;
    this.down.disabled = place === count - 1;
    this.#choice.hidden = place === 0;
    this.#input.offer(models);
    this.#input.node.hidden = this.#isFed;
    this.#answer.offer(models);
    this.#input.clear();
    this.#answer.clear();
    put(this.#fault, "");
  }

  get #isFed() {
    return this.#place > 0 && !this.state.own;
  }

  asked() {
    const usage = this.#isFed || this.#input.empty ? undefined : this.#input.usage();
    return { model: this.state.model, usage, output_tokens: this.#answer.option() };
  }

  /** Shows what the step works on and what that costs. */
  fed(estimate) {
    const { app } = this;
    const [first] = estimate.lines;
    const says = first ? app.say(`unit.${first.unit}`, { n: first.quantity }) : "";
    put(this.#feed, this.#isFed ? `${app.say("step.fed", { n: String(this.#place) })}: ${says}` : "");
    put(this.#cost, app.credits(estimate.total));
  }

  takes(error) {
    if (this.#answer.takes(error) || (!this.#isFed && this.#input.takes(error))) return true;
    put(this.#fault, explain(this.app, error));
    return true;
  }
}

const bySupplier = (models) => {
  const groups = new Map();
  for (const model of models) groups.set(model.supplier, [...(groups.get(model.supplier) ?? []), model]);
  return [...groups].map(([label, members]) => el("optgroup", { label }, ...members.map(({ id: value, name }) => el("option", { value }, name))));
};
