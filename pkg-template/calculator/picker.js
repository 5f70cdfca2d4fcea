// Choosing models from the book: chips, and a combobox that finds by words of the name, the supplier, the id or the task.
import { arrange, el, id } from "./dom.js";

const KEYS = { ArrowDown: 1, ArrowUp: -1 };

export class Picker {
  #at = -1;
  #shown = [];
  #chips = new Map();

  /** `chosen()` gives the ids that are chosen; `choose(id)` is told what was picked; `remove(id)` makes chips that take away. */
  constructor(app, { label, placeholder = app.say("picker.placeholder"), chosen, choose, remove }) {
    Object.assign(this, { app, chosen, choose, remove });
    const [own, list] = [id("p"), id("p")];
    this.list = el("ul", {
      id: list, class: "options", part: "options", role: "listbox", "aria-label": label, "aria-multiselectable": Boolean(remove), hidden: true,
    });
    this.none = el("p", { class: "options hint", hidden: true }, app.say("picker.none"));
    this.input = el("input", {
      id: own, part: "input", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder,
      "aria-expanded": "false", "aria-controls": list, "aria-autocomplete": "list",
      oninput: () => this.#open(),
      onclick: () => this.#open(),
      onkeydown: (event) => this.#key(event),
    });
    this.chips = el("ul", { class: "chips", hidden: true });
    this.node = el("div", { class: "field picker", onfocusout: (event) => this.#left(event) },
      el("label", { for: own }, label), this.chips, this.input, this.list, this.none);
    // The list is drawn outside the input: pressing in it must not take the focus from there.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** Draws the chips of what is chosen now. */
  refresh() {
    if (!this.remove) return;
    const chosen = this.chosen().map((model) => this.#chip(model));
    arrange(this.chips, chosen);
    this.chips.hidden = chosen.length === 0;
  }

  #chip(model) {
    if (!this.#chips.has(model)) {
      const name = this.app.name(model);
      const button = el("button", { type: "button", class: "x", "aria-label": this.app.say("picker.remove", { model: name }), onclick: () => this.#take(model) }, "×");
      this.#chips.set(model, el("li", { class: "chip", part: "model" }, el("span", {}, name), button));
    }
    return this.#chips.get(model);
  }

  #take(model) {
    const chips = [...this.chips.children];
    const place = chips.indexOf(this.#chips.get(model));
    this.remove(model);
    this.app.announce(this.app.say("picker.removed", { model: this.app.name(model) }));
    const next = this.chips.children[Math.min(place, this.chips.children.length - 1)];
    (next?.querySelector("button") ?? this.input).focus();
  }

  #open() {
    const words = this.input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.app.models.filter((model) => {
      const text = `${model.name} ${model.supplier} ${model.id} ${model.task}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const chosen = new Set(this.chosen());
    this.#shown = found;
    this.list.replaceChildren(...found.map((model, place) => this.#option(model, place, this.remove && chosen.has(model.id))));
    this.list.hidden = found.length === 0;
    this.none.hidden = found.length > 0;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.#mark(words.length && found.length ? 0 : -1);
    if (words.length) this.app.announce(this.app.say("picker.found", { n: found.length }));
  }

  #option(model, place, chosen) {
    return el("li", {
      id: `${this.list.id}-${place}`, role: "option", class: "option", "aria-selected": String(Boolean(chosen)),
      onclick: () => this.#pick(place),
      onpointermove: () => this.#mark(place, false),
    },
    el("span", { class: "option-name" }, model.name, el("span", { class: "by" }, ` ${model.supplier}`)),
    el("span", { class: "by" }, this.app.prices(model)));
  }

  #mark(place, scroll = true) {
    this.list.children[this.#at]?.classList.remove("at");
    this.#at = place;
    const option = this.list.children[place];
    option?.classList.add("at");
    if (scroll) option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const open = !this.list.hidden;
    const step = KEYS[event.key];
    if (step) {
      event.preventDefault();
      if (!open) return this.#open();
      const count = this.#shown.length;
      return this.#mark(this.#at < 0 ? (step > 0 ? 0 : count - 1) : (this.#at + step + count) % count);
    }
    if (event.key === "Enter" && open && this.#at >= 0) {
      event.preventDefault();
      this.#pick(this.#at);
    } else if (event.key === "Escape" && (open || !this.none.hidden)) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (event.key === "Backspace" && !this.input.value && this.remove) {
      const last = this.chosen().at(-1);
      if (last) {
        this.#take(last);
        this.input.focus();
      }
    }
  }

  #pick(place) {
    const model = this.#shown[place];
    const had = this.remove && this.chosen().includes(model.id);
    this.input.value = "";
    this.#close();
    if (had) this.remove(model.id);
    else this.choose(model.id);
    this.app.announce(this.app.say(had ? "picker.removed" : "picker.added", { model: model.name }));
  }

  #close() {
    this.list.hidden = this.none.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.#mark(-1);
  }

  #left(event) {
    if (!this.node.contains(event.relatedTarget)) this.#close();
  }
}
