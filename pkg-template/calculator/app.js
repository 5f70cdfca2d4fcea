// What the parts of one calculator share: the book, the state that outlives a redraw, and how things are written for people.
import { formatCredits } from "./index.js";
import { speaker } from "./texts.js";

const CACHE = new Set(["cached_input_token", "cache_write_token"]);

export class App {
  typed = false;

  /** `view`: `{state, changed, draw, announce, refused}`. */
  constructor(view, book, locale) {
    const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 9 });
    const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
    this.compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 9 });
    this.percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 9 });
    Object.assign(this, { view, book, locale });
    const lists = new Intl.ListFormat(locale);
    this.list = (words) => lists.format(words);
    this.say = speaker(locale);
    this.models = book.models();
    this.byId = new Map(this.models.map((model) => [model.id, model]));
    this.number = (decimal) => numbers.format(decimal);
    this.credits = (amount) => formatCredits(amount, locale);
    this.date = (text) => dates.format(new Date(text));
  }

  get state() {
    return this.view.state;
  }

  model(id) {
    return this.byId.get(id);
  }

  name(id) {
    return this.byId.get(id)?.name ?? id;
  }

  /** The chosen models that the book has. */
  chosen() {
    return this.state.chosen.map((id) => this.byId.get(id)).filter(Boolean);
  }

  options(output) {
    return { ...(this.state.margin && { margin: this.state.margin }), ...(output && { output_tokens: output }) };
  }

  /** The margin as people write a rate. */
  rate() {
    return this.percent.format(this.state.margin);
  }

  /** A model's prices in short: "2 / 1M input tokens · 10 / 1M answer tokens". */
  prices({ prices }) {
    const { say } = this;
    const shown = prices.filter((price) => !CACHE.has(price.unit));
    return shown.map(({ unit, credits, per }) => `${this.number(credits)} / ${this.compact.format(per)} ${say(`name.${unit}`).toLocaleLowerCase(this.locale)}`).join(" · ");
  }

  changed() {
    this.view.changed();
  }

  draw() {
    this.view.draw();
  }

  announce(text) {
    this.view.announce(text);
  }

  refused(error) {
    this.view.refused(error);
  }
}
