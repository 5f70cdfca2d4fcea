// The same work, priced with each of the chosen models.
import { Counts } from "./counts.js";
import { Mode } from "./mode.js";
import { count, textOptions } from "./text.js";

export class Compare extends Mode {
  #counts = new Counts();

  constructor(app) {
    super(app, app.state.compare);
  }

  /** What the chosen models cost, as `{key, model, estimate, amount}`; nothing while there is a fault in a field. */
  draw() {
    const { app, input } = this;
    const models = this.asked();
    const { results, pending } = models.length ? this.#price(models) : { results: [] };
    if (!results) return undefined;
    const priced = results.filter(({ estimate }) => estimate);
    const costs = priced.map((result) => ({ ...result, key: result.model, amount: result.estimate.total }));
    this.show(costs, results.filter(({ error }) => error));
    if (input.kind === "text") input.note(count(app, results));
    return { costs, pending, said: costs.map(({ model, amount }) => app.say("said.model", { model: app.name(model), amount: app.credits(amount) })) };
  }

  #price(models) {
    const { app } = this;
    const [ids, usage, output] = [models.map(({ id }) => id), this.input.usage(), this.answer.option()];
    try {
      const priced = this.input.kind === "text"
        ? this.#counts.update(app.book, ids, usage.text, textOptions(app, output))
        : { results: app.book.compare(ids, usage, app.options(output)) };
      return this.faults(priced.results) ? {} : priced;
    } catch (error) {
      if (!this.takes(error)) app.refused(error);
      return {};
    }
  }
}
