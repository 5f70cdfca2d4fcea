// What the parts of one calculator share: the book, the state that outlives a redraw, and how things are written for people.
import { formatCredits } from "./index.js";
import { speaker } from "./texts.js";

const CACHE = new Set(["cached_input_token", "cache_write_token"]);

/** `view`: `{state, changed, draw, announce, refused}`. */
export const shared = (view, book, locale) => {
  const exact = { maximumFractionDigits: 9 };
  const numbers = new Intl.NumberFormat(locale, exact);
  const compact = new Intl.NumberFormat(locale, { ...exact, notation: "compact" });
  const percent = new Intl.NumberFormat(locale, { ...exact, style: "percent" });
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const lists = new Intl.ListFormat(locale);
  const say = speaker(locale);
  const models = book.models();
  const byId = new Map(models.map((model) => [model.id, model]));
  const { state } = view;
  const app = {
    /** Whether somebody typed a text, so that exact counts are worth their vocabulary. */
    typed: false,
    state, book, locale, say, models,
    model: (id) => byId.get(id),
    name: (id) => byId.get(id)?.name ?? id,
    /** The chosen models that the book has. */
    chosen: () => state.chosen.map(app.model).filter(Boolean),
    options: (output) => ({ ...(state.margin && { margin: state.margin }), ...(output && { output_tokens: output }) }),
    list: (words) => lists.format(words),
    number: (decimal) => numbers.format(decimal),
    compact: (decimal) => compact.format(decimal),
    credits: (amount) => formatCredits(amount, locale),
    date: (text) => dates.format(new Date(text)),
    /** The margin as people write a rate. */
    rate: () => percent.format(state.margin),
    /** A model's prices in short: "2 / 1M input tokens · 10 / 1M answer tokens". */
    prices: ({ prices }) =>
      prices
        .filter(({ unit }) => !CACHE.has(unit))
        .map(({ unit, credits, per }) => `${app.number(credits)} / ${app.compact(per)} ${say(`name.${unit}`).toLocaleLowerCase(locale)}`)
        .join(" · "),
    changed: () => view.changed(),
    draw: () => view.draw(),
    announce: (text) => view.announce(text),
    refused: (error) => view.refused(error),
  };
  return app;
};
