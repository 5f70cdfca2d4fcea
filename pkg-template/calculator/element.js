// <scrip-calculator>: reads its attributes, loads the book, and draws the mode that is chosen, at most once a frame.
import init, { PriceBook, ScripError, fetchPriceBook } from "./index.js";
import { Afford } from "./afford.js";
import { shared } from "./app.js";
import { Benchmark } from "./benchmark.js";
import { Compare } from "./compare.js";
import { el, put } from "./dom.js";
import { explain } from "./field.js";
import { picker } from "./picker.js";
import { Pipeline } from "./pipeline.js";
import { initial } from "./state.js";
import { css } from "./style.js";
import { Tabs } from "./tabs.js";
import { speaker } from "./texts.js";

const MODES = { compare: Compare, pipeline: Pipeline, benchmark: Benchmark, afford: Afford };
/** As long as nobody types: a reader should not be told every key's sum. */
const QUIET_MILLISECONDS = 900;

const views = new WeakMap();

/** Called when an element arrives, and when one of its attributes has changed. `dress(root, css)` gives it its looks. */
export const refresh = (element, dress) => {
  if (!element.isConnected) return;
  if (!views.has(element)) views.set(element, new View(element, dress));
  views.get(element).refresh();
};

class View {
  #element;
  #root;
  #read = {};
  #loads = 0;
  #frame;
  #quiet;
  #modes = new Map();
  state;
  #book;
  #picker;
  #tabs;
  #notice = el("p.note", { part: "notice", hidden: true });
  #unknown = el("p.note", { part: "notice", hidden: true });
  #status = el("p.unseen", { role: "status" });
  #left = el("div.left", { part: "inputs" });
  #right = el("div.right-side", { part: "results" });
  #stale;
  #locale;
  #say;

  constructor(element, dress) {
    this.#element = element;
    this.#root = element.attachShadow({ mode: "open" });
    dress(this.#root, css);
  }

  /** Takes over the attributes that are not as they were; what was typed stays. */
  refresh() {
    const read = Object.fromEntries(this.#element.constructor.observedAttributes.map((name) => [name, this.#element.getAttribute(name)]));
    read.lang ??= this.#element.closest("[lang]")?.lang;
    const was = this.#read;
    if (this.state && JSON.stringify(was) === JSON.stringify(read)) return;
    this.#read = read;
    if (!this.state || was.book !== read.book) this.#load(was);
    else if (this.app) this.#build(was);
  }

  async #load(was) {
    const load = ++this.#loads;
    this.state ??= {};
    this.app = undefined;
    this.#speak();
    this.#root.replaceChildren(el("div.card", { part: "card", "aria-busy": "true" }, el("p.hint", {}, this.#say("loading"))));
    try {
      await init();
      const { book } = this.#read;
      this.#book = book ? await fetchPriceBook(new URL(book, document.baseURI)) : PriceBook.builtin();
    } catch (error) {
      if (load === this.#loads) this.#fail(error, was);
      return;
    }
    if (load === this.#loads) this.#build(was);
  }

  #speak() {
    try {
      this.#locale = Intl.getCanonicalLocales(this.#read.lang || "en")[0];
    } catch {
      this.#locale = "en";
    }
    this.#say = speaker(this.#locale);
  }

  #fail(error, was) {
    console.error("scrip:", error);
    const again = el("button.quiet", { onclick: () => this.#load(was) }, this.#say("retry"));
    const why = error instanceof ScripError ? error.message : "";
    this.#root.replaceChildren(el("div.card", { part: "card" },
      el("div.note", { part: "notice", role: "alert" }, el("p.strong", {}, this.#say("failed")), el("p.small", {}, why)),
      again));
  }

  /** Draws everything anew: for a new book, or for other attributes than `was`. */
  #build(was) {
    this.#speak();
    const app = shared(this, this.#book, this.#locale);
    app.typed = this.app?.typed ?? false;
    this.app = app;
    this.#modes.clear();
    const unknown = initial(this.state, this.#read, was, app);
    const modes = [...new Set((this.#read.modes ?? "").split(/\s+/).filter((mode) => mode in MODES))];
    const offered = modes.length ? modes : Object.keys(MODES);
    if (!offered.includes(this.state.mode)) [this.state.mode] = offered;
    this.#picker = picker(app, {
      label: app.say("models"),
      chosen: () => this.state.chosen,
      choose: (model) => this.#choose([...this.state.chosen, model]),
      remove: (model) => this.#choose(this.state.chosen.filter((one) => one !== model)),
    });
    this.#tabs = new Tabs(app, offered, this.state.mode, (mode) => this.#show(mode));
    put(this.#unknown, unknown.length ? app.say("unknown", { models: unknown.join(", ") }) : "");
    this.#stale = el("p.hint", { hidden: true }, app.say("stale"));
    this.#tabs.panel.append(el("div.split", {}, this.#left, this.#right));
    this.#root.replaceChildren(el("div.card", { part: "card" }, this.#tabs.list, this.#unknown, this.#notice, this.#tabs.panel, this.#status));
    this.#show(this.state.mode);
  }

  #choose(models) {
    this.state.chosen = models;
    this.draw();
  }

  #show(mode) {
    this.state.mode = mode;
    if (!this.#modes.has(mode)) this.#modes.set(mode, new MODES[mode](this.app));
    const { left, right } = this.#modes.get(mode);
    this.#left.replaceChildren(...(mode === "pipeline" ? [] : [this.#picker.node]), ...left);
    this.#right.replaceChildren(this.#stale, ...right);
    this.draw();
  }

  /** Something was typed or chosen: drawn with the next frame. */
  changed() {
    this.#frame ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    put(this.#notice, "");
    this.#picker.refresh();
    const drawn = this.#modes.get(this.state.mode).draw();
    // What cannot be priced leaves the last costs standing, and says that they are the last.
    this.#right.toggleAttribute("data-stale", !drawn);
    this.#stale.hidden = Boolean(drawn);
    if (!drawn) return this.announce(this.#faults());
    if (drawn.pending) return this.changed();
    this.announce(drawn.said.join(". "));
    for (const { estimate } of drawn.costs)
      this.#element.dispatchEvent(new CustomEvent("scrip-estimate", { bubbles: true, composed: true, detail: estimate }));
  }

  #faults() {
    return [...this.#root.querySelectorAll(".fault:not([hidden]), .note:not([hidden])")].map(({ textContent }) => textContent).join(" ");
  }

  announce(text) {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => (this.#status.textContent = text), QUIET_MILLISECONDS);
  }

  /** A fault that has no field. */
  refused(error) {
    if (!(error instanceof ScripError)) throw error;
    put(this.#notice, explain(this.app, error));
  }
}
