// Several models in a row, each working on what the one before gives.
import { assumptions } from "./lines.js";
import { arrange, el } from "./dom.js";
import { Bars } from "./bars.js";
import { picker } from "./picker.js";
import { step } from "./state.js";
import { Step } from "./step.js";
import { sharedTokenizer } from "./text.js";
import { Total } from "./total.js";

export class Pipeline {
  #steps = [];
  #list;
  #empty;
  #picker;
  #total;
  #bars;
  #notes = el("div.notes");

  constructor(app) {
    const { say, state } = app;
    this.app = app;
    this.#list = el("ol.steps", { part: "steps", "aria-label": say("step.title") });
    this.#empty = el("p.hint", {}, say("empty.steps"));
    this.#picker = picker(app, { label: say("step.add"), chosen: () => [], choose: (model) => this.#add(model) });
    this.#total = new Total(app);
    this.#bars = new Bars(app, say("results"));
    this.#steps = state.steps.filter(({ model }) => app.model(model)).map((one) => new Step(app, this, one));
    this.left = [this.#list, this.#empty, this.#picker.node];
    this.right = [this.#total.node, this.#bars.node, this.#notes];
  }

  draw() {
    const { app } = this;
    app.state.steps = this.#steps.map((step) => step.state);
    arrange(this.#list, this.#steps.map((step) => step.node));
    this.#steps.forEach((step, place) => step.place(place, this.#steps.length));
    this.#empty.hidden = this.#steps.length > 0;
    const estimate = this.#price();
    if (!estimate) return undefined;
    this.#steps.forEach((step, place) => step.fed(estimate.steps[place]));
    this.#bars.show(estimate.steps.map((one, place) => ({ key: this.#steps[place].key, model: this.#steps[place].state.model, estimate: one })));
    this.#total.show(this.#steps.length ? estimate : undefined);
    this.#notes.replaceChildren(...assumptions(app, estimate));
    const said = this.#steps.length ? [app.say("said.total", { amount: app.credits(estimate.total) })] : [];
    return { costs: this.#steps.length ? [{ estimate }] : [], said };
  }

  #price() {
    const { app } = this;
    try {
      const steps = this.#steps.map((step) => step.asked());
      const reading = steps.filter(({ usage }) => usage?.text).map(({ model }) => app.model(model));
      return app.book.pipeline(steps, { ...app.options(), ...sharedTokenizer(app, reading) });
    } catch (error) {
      const step = this.#steps[Number(/^\/(\d+)/.exec(error.path ?? "")?.[1])];
      if (!step?.takes(error)) app.refused(error);
      return undefined;
    }
  }

  #add(model) {
    this.#steps.push(new Step(this.app, this, step(model)));
    this.app.changed();
  }

  move(step, by) {
    const from = this.#steps.indexOf(step);
    this.#steps.splice(from, 1);
    this.#steps.splice(from + by, 0, step);
    this.app.changed();
  }

  remove(step) {
    const place = this.#steps.indexOf(step);
    this.#steps.splice(place, 1);
    this.app.draw();
    (this.#steps[Math.min(place, this.#steps.length - 1)]?.focus ?? this.#picker.focus)();
  }
}
