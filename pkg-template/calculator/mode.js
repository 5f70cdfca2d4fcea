// What a comparison and a benchmark have in common: one input for all models, and a bar for each.
import { Answer } from "./answer.js";
import { Bars } from "./bars.js";
import { compare } from "./decimal.js";
import { el, put } from "./dom.js";
import { explain } from "./field.js";
import { Input } from "./input.js";
import { Order } from "./order.js";

export class Mode {
  #order;
  #bars;
  #empty = el("p.hint", { hidden: true });
  #out = el("div.notes", { part: "left-out", hidden: true });

  constructor(app, input, legend) {
    this.app = app;
    this.input = new Input(app, input, legend);
    this.answer = new Answer(app, app.state.answer);
    this.#order = new Order(app);
    this.#bars = new Bars(app, app.say("results"));
    this.left = [this.input.node, this.answer.node];
    this.right = [this.#order.node, this.#empty, this.#bars.node, this.#out];
  }

  /** The chosen models, once something goes in; until then it is said what is missing. */
  asked() {
    const { app, input, answer } = this;
    const models = app.chosen();
    for (const part of [input, answer]) {
      part.offer(models);
      part.clear();
    }
    const empty = !models.length ? "models" : !input.empty ? "" : input.kind === "text" ? "text" : "number";
    put(this.#empty, empty && app.say(`empty.${empty}`));
    return empty ? [] : models;
  }

  /** Draws the costs, in the order that is chosen, and names the models that cannot be given this input. */
  show(costs, failed) {
    if (this.#order.cheapest) costs.sort((a, b) => compare(a.amount, b.amount));
    this.#bars.show(costs);
    this.#order.node.hidden = costs.length < 2;
    this.#out.hidden = failed.length === 0;
    this.#out.replaceChildren(
      el("p.small-title", {}, this.app.say("left.out")),
      el("ul.small", {}, ...failed.map(({ model, error }) => el("li", {}, why(this.app, model, error)))));
  }

  /** A fault of what was typed is not a model's: it stands at its field. */
  faults(results) {
    return results.some(({ error }) => error && error.code !== "unit_not_priced" && this.takes(error));
  }

  takes(error) {
    return this.answer.takes(error) || this.input.takes(error);
  }
}

const why = (app, id, error) => {
  const model = app.model(id);
  if (error.code !== "unit_not_priced") return `${model.name}: ${explain(app, error)}`;
  const units = model.prices.map(({ unit }) => app.say(`name.${unit}`).toLocaleLowerCase(app.locale));
  return app.say("left.unpriced", { model: model.name, units: app.list(units) });
};
