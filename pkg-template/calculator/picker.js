// Choosing models from the book: chips, and a combobox that finds by words of the name, the supplier, the id or the task.
import { arrange, el, id } from "./dom.js";

const KEYS = { ArrowDown: 1, ArrowUp: -1 };

/** `chosen()` gives the ids that are chosen; `choose(id)` is told what was picked; `remove(id)` makes chips that take away. */
export const picker = (app, { label, chosen, choose, remove }) => {
  const { say } = app;
  const [own, listId] = [id("p"), id("p")];
  const made = new Map();
  let at = -1;
  let shown = [];

  const list = el("ul.options", {
    id: listId, part: "options", role: "listbox", "aria-label": label, "aria-multiselectable": Boolean(remove), hidden: true,
  });
  const none = el("p.options.hint", { hidden: true }, say("picker.none"));
  const chips = el("ul.chips", { hidden: true });
  const input = el("input", {
    id: own, part: "input", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder: say("picker.placeholder"),
    "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list",
    oninput: () => open(),
    onclick: () => open(),
    onkeydown: (event) => key(event),
  });
  const node = el("div.field.picker", { onfocusout: (event) => node.contains(event.relatedTarget) || close() },
    el("label", { for: own }, label), chips, input, list, none);
  // The list is drawn outside the input: pressing in it must not take the focus from there.
  list.addEventListener("pointerdown", (event) => event.preventDefault());

  const chip = (model) => {
    if (!made.has(model)) {
      const name = app.name(model);
      const button = el("button.x", { "aria-label": say("picker.remove", { model: name }), onclick: () => take(model) }, "×");
      made.set(model, el("li.chip", { part: "model" }, el("span", {}, name), button));
    }
    return made.get(model);
  };

  const take = (model) => {
    const place = [...chips.children].indexOf(made.get(model));
    remove(model);
    app.announce(say("picker.removed", { model: app.name(model) }));
    const next = chips.children[Math.min(place, chips.children.length - 1)];
    (next?.querySelector("button") ?? input).focus();
  };

  const open = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = app.models.filter((model) => {
      const text = `${model.name} ${model.supplier} ${model.id} ${model.task}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    list.replaceChildren(...shown.map((model, place) => option(model, place, remove && chosen().includes(model.id))));
    const n = shown.length;
    list.hidden = !n;
    none.hidden = n > 0;
    input.setAttribute("aria-expanded", n > 0);
    mark(words.length && n ? 0 : -1);
    if (words.length) app.announce(say("picker.found", { n }));
  };

  const option = (model, place, chosen) =>
    el("li.option", {
      id: `${listId}-${place}`, role: "option", "aria-selected": String(Boolean(chosen)),
      onclick: () => pick(place),
      onpointermove: () => mark(place, false),
    },
    el("span.option-name", {}, model.name, el("span.by", {}, ` ${model.supplier}`)),
    el("span.by", {}, app.prices(model)));

  const mark = (place, scroll = true) => {
    list.children[at]?.classList.remove("at");
    at = place;
    const option = list.children[place];
    option?.classList.add("at");
    if (scroll) option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };

  const key = (event) => {
    const isOpen = !list.hidden;
    const step = KEYS[event.key];
    if (step) {
      event.preventDefault();
      if (!isOpen) return open();
      const count = shown.length;
      return mark(at < 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count);
    }
    if (event.key === "Enter" && isOpen && at >= 0) {
      event.preventDefault();
      pick(at);
    } else if (event.key === "Escape" && (isOpen || !none.hidden)) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && !input.value && remove) {
      const last = chosen().at(-1);
      if (last) {
        take(last);
        input.focus();
      }
    }
  };

  const pick = (place) => {
    const model = shown[place];
    const had = remove && chosen().includes(model.id);
    input.value = "";
    close();
    if (had) remove(model.id);
    else choose(model.id);
    app.announce(say(had ? "picker.removed" : "picker.added", { model: model.name }));
  };

  const close = () => {
    list.hidden = none.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };

  /** Draws the chips of what is chosen now. */
  const refresh = () => {
    arrange(chips, chosen().map(chip));
    chips.hidden = !chips.firstChild;
  };

  return { node, refresh, focus: () => input.focus() };
};
