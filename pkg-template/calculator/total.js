import { el, put } from "./dom.js";
import { rangeText } from "./bars.js";

/** The sum of several models' costs, with its range and its margin. */
export class Total {
  #amount = el("span.sum", { part: "total" });
  #range = el("span.by");
  #margin = el("span.by");

  constructor(app) {
    this.app = app;
    this.node = el("p.total", { hidden: true }, el("span.small-title", {}, app.say("total")), this.#amount, this.#range, this.#margin);
  }

  show(estimate) {
    const { app } = this;
    this.node.hidden = !estimate;
    if (!estimate) return;
    put(this.#amount, app.credits(estimate.total));
    put(this.#range, rangeText(app, estimate));
    put(this.#margin, estimate.margin === "0" ? "" : `${app.say("line.margin", { rate: app.rate() })}: ${app.credits(estimate.margin)}`);
  }
}
