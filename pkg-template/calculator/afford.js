// What an amount of credits buys of each model, the other way round.
import { el, put } from "./dom.js";
import { NumberField } from "./field.js";

export class Afford {
  #amount;
  #table;
  #hint;
  #caption = el("caption");
  #body = el("tbody");
  #empty = el("p.hint", { hidden: true });

  constructor(app) {
    const { say, state } = app;
    this.app = app;
    this.#amount = new NumberField(app, state, "credits", { label: say("credits") });
    this.#table = el("table.afford", { part: "afford" }, this.#caption,
      el("thead.unseen", {}, el("tr", {}, el("th", { scope: "col" }, say("afford.model")), el("th", { scope: "col" }, say("afford.buys")))),
      this.#body);
    this.#hint = el("p.hint", {}, say("afford.each"));
    this.left = [this.#amount.node];
    this.right = [this.#empty, this.#table, this.#hint];
  }

  draw() {
    const { app } = this;
    const { say } = app;
    const models = app.chosen();
    put(this.#empty, models.length ? "" : say("empty.models"));
    this.#table.hidden = this.#hint.hidden = models.length === 0;
    this.#amount.fault();
    const credits = app.state.credits.trim();
    try {
      const bought = models.map((model) => [model, app.book.afford(credits, model.id)]);
      put(this.#caption, say("afford.caption", { n: credits }));
      this.#body.replaceChildren(...bought.flatMap(([model, units]) => this.#rows(model, units)));
      this.#hint.hidden = !bought.some(([, units]) => units.length > 1);
      return { costs: [], said: bought.map(([model, units]) => say("said.model", { model: model.name, amount: units.map((unit) => this.#figure(unit)).join(", ") })) };
    } catch (error) {
      if (error.path) app.refused(error);
      else this.#amount.fault(error);
      return undefined;
    }
  }

  #rows(model, units) {
    const { say } = this.app;
    const name = (rows) => el("th", { scope: "rowgroup", rowspan: rows }, el("span.name", {}, model.name), " ", el("span.by", {}, model.supplier));
    if (!units.length) return [el("tr", {}, name(1), el("td", {}, say("afford.free", { model: model.name })))];
    return units.map((one, place) =>
      el("tr", { class: place ? "" : "first", part: "afford-row" }, ...(place ? [] : [name(units.length)]),
        el("td", {}, el("div.buys", {}, el("span.figure", {}, this.#figure(one)), " ", el("span.by", {}, this.#exactly(one))))));
  }

  /** For people: "50 pages". */
  #figure({ unit, quantity, human }) {
    return human ? this.app.say(`unit.${human.unit}`, { n: human.quantity }) : this.app.say(`unit.${unit}`, { n: quantity });
  }

  /** In the unit that the price is for: "100,000 characters"; of a token only which one. */
  #exactly({ unit, quantity, human }) {
    if (!human || human.unit === unit) return "";
    return human.unit === "token" ? this.app.say(`name.${unit}`) : this.app.say(`unit.${unit}`, { n: quantity });
  }
}
