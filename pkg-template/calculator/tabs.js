import { el, id } from "./dom.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/** The modes as tabs: one is in the tab order, arrow keys go to the others. */
export class Tabs {
  #buttons;
  #modes;
  #choose;

  constructor(app, modes, chosen, choose) {
    const [panel, name] = [id("panel"), id("tab")];
    this.#modes = modes;
    this.#choose = choose;
    this.panel = el("div", { id: panel, part: "panel" });
    this.#buttons = modes.map((mode, place) =>
      el("button", {
        role: "tab", part: "tab", id: `${name}-${place}`, "aria-controls": panel,
        onclick: () => this.#go(place),
        onkeydown: (event) => this.#key(event, place),
      }, app.say(`mode.${mode}`)));
    this.list = el("div.tabs", { part: "tabs", role: "tablist", "aria-label": app.say("modes"), hidden: modes.length < 2 }, ...this.#buttons);
    if (modes.length > 1) this.panel.setAttribute("role", "tabpanel");
    this.#mark(modes.indexOf(chosen));
  }

  #key(event, place) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const count = this.#modes.length;
    const turned = getComputedStyle(this.list).direction === "rtl" && Number.isFinite(step) ? -step : step;
    const next = Number.isFinite(turned) ? (place + turned + count) % count : turned < 0 ? 0 : count - 1;
    this.#go(next);
    this.#buttons[next].focus();
  }

  #go(place) {
    this.#mark(place);
    this.#choose(this.#modes[place]);
  }

  #mark(chosen) {
    this.#buttons.forEach((button, place) => {
      button.setAttribute("aria-selected", String(place === chosen));
      button.tabIndex = place === chosen ? 0 : -1;
    });
    if (this.#modes.length > 1) this.panel.setAttribute("aria-labelledby", this.#buttons[chosen].id);
  }
}
