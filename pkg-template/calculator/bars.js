// Costs side by side: one bar for each model, made of its lines, with the range that the cost lies in. A row opens to its lines.
import { arrange, el, put } from "./dom.js";
import { compare, most, share } from "./decimal.js";
import { itemised } from "./lines.js";

const TONES = { output_token: "out", request: "other", run: "other" };
const tone = (unit) => TONES[unit] ?? "in";

export class Bars {
  #rows = new Map();
  #list;
  #legend = el("p.legend", { "aria-hidden": "true" });

  constructor(app, label) {
    this.app = app;
    this.#list = el("ul.bars", { part: "bars", "aria-label": label });
    this.node = el("div", {}, this.#list, this.#legend);
  }

  /** `costs`: `{key, model, estimate, amount}`; a row shows `amount`, the total unless it says otherwise. */
  show(costs) {
    const scale = scaleOf(costs);
    const keys = new Set(costs.map(({ key }) => key));
    for (const key of this.#rows.keys()) if (!keys.has(key)) this.#rows.delete(key);
    arrange(this.#list, costs.map((cost) => this.#row(cost).show(cost, scale)));
    this.#explain(costs);
  }

  #row({ key }) {
    if (!this.#rows.has(key)) this.#rows.set(key, new Row(this.app));
    return this.#rows.get(key);
  }

  #explain(costs) {
    const tones = new Set(costs.flatMap(({ estimate }) => estimate.lines.filter((line) => line.amount !== "0").map((line) => tone(line.unit))));
    if (costs.some(({ estimate }) => estimate.margin !== "0")) tones.add("margin");
    const entries = ["in", "out", "other", "margin"].filter((name) => tones.has(name) && tones.size > 1);
    if (costs.some(({ estimate }) => estimate.low !== estimate.high)) entries.push("range");
    const wanted = entries.join();
    if (this.#legend.dataset.shows === wanted) return;
    this.#legend.dataset.shows = wanted;
    this.#legend.replaceChildren(...entries.map((name) => el("span", { class: `key ${name}` }, this.app.say(`legend.${name}`))));
  }
}

/** The largest cost; the largest bound too, where that does not make the costs themselves unreadable. */
const scaleOf = (costs) => {
  const largest = most(costs.map(({ amount, estimate }) => amount ?? estimate.total));
  const bound = most(costs.map(({ estimate }) => estimate.high ?? "0"));
  return largest === "0" || Number(bound) <= 2 * Number(largest) ? most([largest, bound]) : largest;
};

class Row {
  #details;
  #cost;
  #name = el("span.name");
  #by = el("span.by");
  #amount = el("span.amount", { part: "amount" });
  #segments = el("span.stack");
  #range = el("span.whisker", { part: "range" });
  #note = el("span.by", {});
  #body = el("div.body");

  constructor(app) {
    this.app = app;
    this.#details = el("details", { ontoggle: () => this.#open() },
      el("summary", {},
        el("span.head", {}, el("span", {}, this.#name, " ", this.#by), this.#amount),
        el("span.track", { part: "bar", "aria-hidden": "true" }, this.#segments, this.#range),
        this.#note),
      this.#body);
    this.node = el("li", { part: "cost" }, this.#details);
  }

  show({ model, estimate, amount = estimate.total }, scale) {
    const { app } = this;
    this.#cost = { estimate, amount };
    put(this.#name, app.name(model));
    put(this.#by, app.model(model)?.supplier ?? "");
    put(this.#amount, app.credits(amount));
    put(this.#note, rangeText(app, estimate));
    this.#draw(estimate, scale);
    if (this.#details.open) this.#open();
    return this.node;
  }

  #draw({ lines, margin, low, high }, scale) {
    const parts = [...lines.map((line) => [tone(line.unit), line.amount]), ["margin", margin]].filter(([, amount]) => amount !== "0");
    while (this.#segments.children.length > parts.length) this.#segments.lastElementChild.remove();
    while (this.#segments.children.length < parts.length) this.#segments.append(el("span"));
    parts.forEach(([name, amount], place) => {
      const segment = this.#segments.children[place];
      segment.className = `bar ${name}`;
      segment.style.inlineSize = `${100 * share(amount, scale)}%`;
    });
    const [from, to] = [share(low, scale), high === null ? 1 : share(high, scale)];
    this.#range.hidden = low === high || scale === "0";
    this.#range.style.insetInlineStart = `${100 * from}%`;
    this.#range.style.inlineSize = `${100 * (to - from)}%`;
    this.#range.classList.toggle("beyond", high === null || compare(high, scale) > 0);
  }

  #open() {
    if (!this.#details.open) return this.#body.replaceChildren();
    this.#body.replaceChildren(...itemised(this.app, this.#cost.estimate));
  }
}

export const rangeText = ({ say, number, credits }, { low, high, exact }) => {
  if (exact) return say("exact");
  if (high === null) return say("range.open", { low: number(low) });
  return low === high ? "" : say("range.closed", { low: number(low), high: credits(high) });
};
