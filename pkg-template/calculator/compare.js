// The same work, priced with each of the chosen models.
import { Answer } from "./answer.js";
import { Bars } from "./bars.js";
import { Counts } from "./counts.js";
import { compare } from "./decimal.js";
import { el, put } from "./dom.js";
import { explain } from "./field.js";
import { Input } from "./input.js";
import { Order } from "./order.js";
import { count, textOptions } from "./text.js";

export class Compare {
  #counts = new Counts();

  constructor(app) {
    const { say, state } = app;
    this.app = app;
    this.input = new Input(app, state.compare);
    this.answer = new Answer(app, state.answer);
    this.order = new Order(app);
    this.bars = new Bars(app, say("results"));
    this.empty = el("p", { class: "hint", hidden: true });
    this.out = el("div", { class: "notes", part: "left-out", hidden: true });
    this.left = [this.input.node, this.answer.node];
    this.right = [this.order.node, this.empty, this.bars.node, this.out];
  }

  /** What the chosen models cost, as `{key, model, estimate}`; nothing while there is a fault in a field. */
  draw() {
    const { app } = this;
    const models = app.chosen();
    this.input.offer(models);
    this.answer.offer(models);
    this.input.clear();
    this.answer.clear();
    const empty = !models.length ? "models.none" : !this.input.empty ? "" : this.input.kind === "text" ? "empty.text" : "empty.number";
    put(this.empty, empty && app.say(empty));
    const { results, pending } = empty ? { results: [] } : this.#price(models);
    if (!results) return undefined;
    const costs = results.filter(({ estimate }) => estimate).map((result) => ({ ...result, key: result.model }));
    if (this.order.cheapest) costs.sort((a, b) => compare(a.estimate.total, b.estimate.total));
    this.bars.show(costs);
    this.order.node.hidden = costs.length < 2;
    leaveOut(app, this.out, results.filter(({ error }) => error));
    if (this.input.kind === "text") this.input.note(empty ? "" : count(app, results));
    return { costs, pending, said: costs.map(({ model, estimate }) => app.say("said", { model: app.name(model), amount: app.credits(estimate.total) })) };
  }

  #price(models) {
    const { app } = this;
    const [ids, usage] = [models.map(({ id }) => id), this.input.usage()];
    try {
      const priced = this.input.kind === "text"
        ? this.#counts.update(app.book, ids, usage.text, textOptions(app, this.answer.option()))
        : { results: app.book.compare(ids, usage, app.options(this.answer.option())) };
      return this.#faults(priced) ? {} : priced;
    } catch (error) {
      if (!this.#takes(error)) app.refused(error);
      return {};
    }
  }

  // A fault of what was typed is not a model's: it stands at its field.
  #faults({ results }) {
    const typed = results.find(({ error }) => error && error.code !== "unit_not_priced" && this.#takes(error));
    return Boolean(typed);
  }

  #takes(error) {
    return this.answer.takes(error) || this.input.takes(error);
  }
}

/** Names the models that cannot be given this input, and why. */
export const leaveOut = (app, place, failed) => {
  place.hidden = failed.length === 0;
  place.replaceChildren(
    el("p", { class: "small-title" }, app.say("left.out")),
    el("ul", { class: "small" }, ...failed.map(({ model, error }) => el("li", {}, why(app, model, error)))));
};

const why = (app, id, error) => {
  const model = app.model(id);
  if (error.code !== "unit_not_priced") return `${model.name}: ${explain(app, error)}`;
  const units = model.prices.map(({ unit }) => app.say(`name.${unit}`).toLocaleLowerCase(app.locale));
  return app.say("left.unpriced", { model: model.name, units: app.list(units) });
};
