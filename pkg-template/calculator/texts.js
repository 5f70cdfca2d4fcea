// Every word that the calculator says, by key. A language is one more object; what it lacks is said in English.

const en = {
  "mode.compare": "Compare",
  "mode.pipeline": "Pipeline",
  "mode.benchmark": "Benchmark",
  "mode.afford": "What credits buy",
  modes: "Ways to calculate",
  loading: "Loading prices…",
  "failed": "The prices could not be loaded.",
  retry: "Try again",
  unknown: "Not in this price book: {models}",

  models: "Models",
  "models.none": "Choose a model to see what it costs.",
  "picker.placeholder": "Find a model",
  "picker.none": "No model is called that.",
  "picker.remove": "Remove {model}",
  "picker.found": { one: "{n} model", other: "{n} models" },
  "picker.added": "{model} added",
  "picker.removed": "{model} removed",

  input: "What goes in",
  "input.row": "What goes in, for each row",
  "input.none": "None of the chosen models takes an input that can be given here.",
  "kind.text": "Text",
  "kind.tokens": "Tokens",
  "kind.characters": "Characters",
  "kind.pages": "Pages",
  "kind.minutes": "Minutes",
  "kind.images": "Images",
  "kind.requests": "Calls",
  "text.placeholder": "Type or paste a text",
  "text.tokens": { one: "{n} token", other: "{n} tokens" },
  "text.characters": { one: "{n} character", other: "{n} characters" },
  "text.exact": "exact",
  "text.approximate": "approximate",
  "text.loading": "the exact count is loading",
  "text.unavailable": "the exact count could not be loaded",

  answer: "The answer",
  "answer.expected": "Expected tokens",
  "answer.max": "At most",
  "answer.limit": "model’s limit",

  results: "Cost",
  stale: "These are the last costs that could be calculated.",
  sort: "Order",
  "sort.cheapest": "Cheapest first",
  "sort.chosen": "As chosen",
  "legend.in": "Input",
  "legend.out": "Answer",
  "legend.other": "Other",
  "legend.margin": "Margin",
  "legend.range": "Lowest to highest",
  exact: "Exact",
  range: "{low} to {high}",
  "range.open": "{low} credits or more, no known limit",
  "left.out": "Not part of this comparison",
  "left.unpriced": "{model} is priced by {units}",
  lines: "What makes up the cost",
  "line.unit": "Unit",
  "line.quantity": "Quantity",
  "line.price": "Price",
  "line.amount": "Amount",
  "line.margin": "Margin of {rate}",
  "line.total": "Total",
  price: "{credits} per {per}",
  assumptions: "Assumptions",
  source: "Price: {source}",
  "source.from": "Price since {date}: {source}",
  "empty.text": "Type a text to see what it costs.",
  "empty.number": "Say how much goes in to see what it costs.",
  cheapest: "{model} costs least: {amount}",
  said: "{model}: {amount}",
  "said.total": "Total: {amount}",

  steps: "Steps",
  "step.add": "Add a step",
  "step.number": "Step {n}",
  "step.model": "Model of step {n}",
  "step.up": "Move step {n} up",
  "step.down": "Move step {n} down",
  "step.remove": "Remove step {n}",
  "step.own": "An input of its own",
  "step.fed": "Works on what step {n} gives",
  "steps.none": "Add a first step.",
  total: "Total",

  rows: "Rows",
  "rows.each": "Every model runs over every row.",

  credits: "Credits",
  "afford.caption": { one: "What {n} credit buys", other: "What {n} credits buy" },
  "afford.model": "Model",
  "afford.buys": "Buys",
  "afford.each": "Each line is what all the credits buy of one unit alone.",
  "afford.free": "{model} is free.",

  "unit.input_token": { one: "{n} input token", other: "{n} input tokens" },
  "unit.cached_input_token": { one: "{n} cached input token", other: "{n} cached input tokens" },
  "unit.cache_write_token": { one: "{n} cache-write token", other: "{n} cache-write tokens" },
  "unit.output_token": { one: "{n} answer token", other: "{n} answer tokens" },
  "unit.character": { one: "{n} character", other: "{n} characters" },
  "unit.second": { one: "{n} second", other: "{n} seconds" },
  "unit.image": { one: "{n} image", other: "{n} images" },
  "unit.page": { one: "{n} page", other: "{n} pages" },
  "unit.request": { one: "{n} call", other: "{n} calls" },
  "unit.run": { one: "{n} run", other: "{n} runs" },
  "unit.minute": { one: "{n} minute", other: "{n} minutes" },
  "unit.token": { one: "{n} token", other: "{n} tokens" },
  "name.input_token": "Input tokens",
  "name.cached_input_token": "Cached input tokens",
  "name.cache_write_token": "Cache-write tokens",
  "name.output_token": "Answer tokens",
  "name.character": "Characters",
  "name.second": "Seconds",
  "name.image": "Images",
  "name.page": "Pages",
  "name.request": "Calls",
  "name.run": "Runs",

  "fault.whole": "Write a whole number, such as 1500, without separators.",
  "fault.decimal": "Write a plain number, such as 2.5, without separators.",
  "fault.overflow": "This is more than can be counted.",
  "fault.missing": "Say how much goes in.",
};

const LANGUAGES = { en };

/** A speaker of the locale's language: `say(key, values)`; a key with plural forms is chosen by `values.n`. */
export const speaker = (locale) => {
  const words = LANGUAGES[locale.split("-")[0]] ?? en;
  const plural = new Intl.PluralRules(LANGUAGES[locale.split("-")[0]] ? locale : "en");
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 9 });
  return (key, values = {}) => {
    const found = words[key] ?? en[key];
    // Intl reads decimal text exactly; the plural form may be chosen by a float.
    const form = typeof found === "string" ? found : (found[plural.select(Number(values.n))] ?? found.other);
    const shown = values.n === undefined ? values : { ...values, n: numbers.format(values.n) };
    return form.replace(/\{(\w+)\}/g, (_, name) => shown[name]);
  };
};
