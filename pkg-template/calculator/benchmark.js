// Every chosen model over every row of a data set.
import { el } from "./dom.js";
import { NumberField } from "./field.js";
import { assumptions } from "./lines.js";
import { Mode } from "./mode.js";
import { sharedTokenizer } from "./text.js";
import { Total } from "./total.js";

export class Benchmark extends Mode {
  #rows;
  #total;
  #notes = el("div.notes");

  constructor(app) {
    const { say, state } = app;
    super(app, state.benchmark, say("input.row"));
    this.#rows = new NumberField(app, state, "rows", { label: say("rows.title"), whole: true, hint: say("rows.each") });
    this.#total = new Total(app);
    this.left.unshift(this.#rows.node);
    this.right.unshift(this.#total.node);
    this.right.push(this.#notes);
  }

  draw() {
    const { app } = this;
    this.#rows.fault();
    const models = this.asked();
    const priced = models.length ? this.#price(models.map(({ id }) => id)) : { out: [], costs: [] };
    if (!priced) return undefined;
    const { estimate, costs, out } = priced;
    this.show(costs, out);
    this.#total.show(estimate);
    this.#notes.replaceChildren(...(estimate ? assumptions(app, estimate) : []));
    return { costs: estimate ? [{ estimate }] : [], said: estimate ? [app.say("said.total", { amount: app.credits(estimate.total) })] : [] };
  }

  // A model that does not price this input would refuse the whole, so each is asked for one row first.
  #price(models) {
    const { app } = this;
    const per_row = this.input.usage();
    const options = app.options(this.answer.option());
    try {
      const asked = app.book.compare(models, per_row, options);
      if (this.faults(asked)) return undefined;
      const out = asked.filter(({ error }) => error);
      const able = asked.filter((one) => one.estimate).map(({ model }) => model);
      if (!able.length) return { out, costs: [] };
      if (this.input.kind === "text") Object.assign(options, sharedTokenizer(app, able.map((id) => app.model(id))));
      const estimate = app.book.benchmark({ models: able, rows: app.state.rows.trim(), per_row }, options);
      return { out, estimate, costs: byModel(estimate) };
    } catch (error) {
      if (!this.takes(error)) app.refused(error);
      return undefined;
    }
  }

  takes(error) {
    if (error.path !== "/rows") return super.takes(error);
    this.#rows.fault(error);
    return true;
  }
}

/** Each model's part of the whole: its own lines under its own total. The range and the margin are the whole's. */
const byModel = (estimate) =>
  estimate.by_model.map(({ model, total }) => ({
    key: model,
    model,
    amount: total,
    estimate: {
      lines: estimate.lines.filter((line) => line.model === model),
      total, low: total, high: total, margin: "0", assumptions: [], exact: false,
    },
  }));
