// Every chosen model over every row of a data set.
import { Answer } from "./answer.js";
import { Bars } from "./bars.js";
import { leaveOut } from "./compare.js";
import { compare } from "./decimal.js";
import { el, put } from "./dom.js";
import { NumberField } from "./field.js";
import { Input } from "./input.js";
import { assumptions } from "./lines.js";
import { Order } from "./order.js";
import { sharedTokenizer } from "./text.js";
import { Total } from "./total.js";

export class Benchmark {
  constructor(app) {
    const { say, state } = app;
    this.app = app;
    this.rows = new NumberField(app, {
      label: say("rows"),
      value: state.rows,
      whole: true,
      unit: el("p", { class: "hint" }, say("rows.each")),
      changed: (value) => {
        state.rows = value;
        app.changed();
      },
    });
    this.input = new Input(app, state.benchmark, say("input.row"));
    this.answer = new Answer(app, state.answer);
    this.order = new Order(app);
    this.bars = new Bars(app, say("results"));
    this.total = new Total(app);
    this.empty = el("p", { class: "hint", hidden: true });
    this.out = el("div", { class: "notes", part: "left-out", hidden: true });
    this.notes = el("div", { class: "notes" });
    this.left = [this.rows.node, this.input.node, this.answer.node];
    this.right = [this.total.node, this.order.node, this.empty, this.bars.node, this.out, this.notes];
  }

  draw() {
    const { app } = this;
    const models = app.chosen();
    this.input.offer(models);
    this.answer.offer(models);
    this.rows.fault();
    this.input.clear();
    this.answer.clear();
    const empty = !models.length ? "models.none" : !this.input.empty ? "" : this.input.kind === "text" ? "empty.text" : "empty.number";
    put(this.empty, empty && app.say(empty));
    const priced = empty ? { out: [], estimate: undefined, costs: [] } : this.#price(models.map(({ id }) => id));
    if (!priced) return undefined;
    const { estimate, costs, out } = priced;
    if (this.order.cheapest) costs.sort((a, b) => compare(a.amount, b.amount));
    this.bars.show(costs);
    this.order.node.hidden = costs.length < 2;
    this.total.show(estimate);
    leaveOut(app, this.out, out);
    this.notes.replaceChildren(...(estimate ? assumptions(app, estimate) : []));
    return { costs: estimate ? [{ estimate }] : [], said: estimate ? [app.say("said.total", { amount: app.credits(estimate.total) })] : [] };
  }

  // A model that does not price this input would refuse the whole, so each is asked for one row first.
  #price(models) {
    const { app } = this;
    const per_row = this.input.usage();
    const options = app.options(this.answer.option());
    try {
      const asked = app.book.compare(models, per_row, options);
      const out = asked.filter(({ error }) => error);
      const typed = out.find(({ error }) => error.code !== "unit_not_priced" && this.#takes(error));
      if (typed) return undefined;
      const able = asked.filter((one) => one.estimate).map(({ model }) => model);
      if (!able.length) return { out, costs: [] };
      if (this.input.kind === "text") Object.assign(options, sharedTokenizer(app, able.map((id) => app.model(id))));
      const estimate = app.book.benchmark({ models: able, rows: app.state.rows.trim(), per_row }, options);
      return { out, estimate, costs: byModel(estimate) };
    } catch (error) {
      if (!this.#takes(error)) app.refused(error);
      return undefined;
    }
  }

  #takes(error) {
    if (error.path === "/rows") {
      this.rows.fault(error);
      return true;
    }
    return this.answer.takes(error) || this.input.takes(error);
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
