import { el, id } from "./dom.js";

/** Whether the cheapest model comes first or the first that was chosen. */
export class Order {
  #select;

  constructor(app) {
    const own = id("o");
    this.#select = el("select.slim", { id: own, part: "input", onchange: () => {
      app.state.sort = this.#select.value;
      app.changed();
    } }, ...["cheapest", "chosen"].map((value) => el("option", { value, selected: value === app.state.sort }, app.say(`sort.${value}`))));
    this.node = el("div.order", {}, el("span.strong", {}, app.say("results")), el("label", { for: own }, app.say("sort.title")), this.#select);
  }

  get cheapest() {
    return this.#select.value === "cheapest";
  }
}
