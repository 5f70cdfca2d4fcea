// What a typed text is counted by, and what it was counted as.
import { loaded, tokenizer } from "./vocabularies.js";

/** Options of a model's preview: with the exact tokenizer once it is there, which is fetched when somebody types. */
export const textOptions = (app, output) => (id) => {
  const encoding = app.model(id)?.tokenizer;
  const exact = encoding && app.typed ? tokenizer(encoding, () => app.changed()) : loaded(encoding);
  const value = { ...app.options(output), ...(typeof exact === "object" && { tokenizer: exact }) };
  return { key: JSON.stringify([output, value.margin, Boolean(value.tokenizer), encoding]), value };
};

/** The same for one call on several models that are given a text: where all that count its tokens share a tokenizer. */
export const sharedTokenizer = (app, models) => {
  const counting = models.filter(({ prices }) => !prices.some((price) => price.unit === "character"));
  const [encoding, ...others] = new Set(counting.map((model) => model.tokenizer));
  if (!encoding || others.length) return {};
  const exact = app.typed ? tokenizer(encoding, () => app.changed()) : loaded(encoding);
  return typeof exact === "object" ? { tokenizer: exact } : {};
};

/** One line: how many characters and tokens, and whether that is exact. */
export const count = (app, results) => {
  const { say } = app;
  const told = new Set();
  for (const { model, estimate, count } of results) {
    if (!estimate || count === undefined) continue;
    const { prices, tokenizer: encoding } = app.model(model);
    if (prices.some((price) => price.unit === "character")) told.add(say("unit.character", { n: count }));
    else told.add(`${say("unit.token", { n: count })}, ${say(`text.${sureness(encoding)}`)}`);
  }
  return [...told].join(" · ");
};

const sureness = (encoding) => {
  const state = encoding && loaded(encoding);
  return typeof state === "object" ? "exact" : (state ?? "approximate");
};
