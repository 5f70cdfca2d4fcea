// Every word that the calculator says, by group. A language is one more object; what it lacks is said in English.

/** A counted thing, in the plural forms of English. */
const some = (one) => ({ one: `{n} ${one}`, other: `{n} ${one}s` });

const en = {
  mode: { compare: "Compare", pipeline: "Pipeline", benchmark: "Benchmark", afford: "What credits buy" },
  modes: "Ways to calculate",
  loading: "Loading prices…",
  failed: "The prices could not be loaded.",
  retry: "Try again",
  unknown: "Not in this price book: {models}",
  empty: {
    models: "Choose a model to see what it costs.",
    text: "Type a text to see what it costs.",
    number: "Say how much goes in to see what it costs.",
    steps: "Add a first step.",
  },

  models: "Models",
  picker: {
    placeholder: "Find a model",
    none: "No model is called that.",
    remove: "Remove {model}",
    found: some("model"),
    added: "{model} added",
    removed: "{model} removed",
  },

  input: {
    title: "What goes in",
    row: "What goes in, for each row",
    none: "None of the chosen models takes an input that can be given here.",
  },
  kind: {
    text: "Text",
    tokens: "Tokens",
    characters: "Characters",
    pages: "Pages",
    minutes: "Minutes",
    images: "Images",
    requests: "Calls",
  },
  text: {
    placeholder: "Type or paste a text",
    exact: "exact",
    approximate: "approximate",
    loading: "the exact count is loading",
    unavailable: "the exact count could not be loaded",
  },
  answer: { title: "The answer", expected: "Expected tokens", max: "At most", limit: "model’s limit" },

  results: "Cost",
  stale: "These are the last costs that could be calculated.",
  sort: { title: "Order", cheapest: "Cheapest first", chosen: "As chosen" },
  legend: { in: "Input", out: "Answer", other: "Other", margin: "Margin", range: "Lowest to highest" },
  exact: "Exact",
  range: { closed: "{low} to {high}", open: "{low} credits or more, no known limit" },
  left: { out: "Not part of this comparison", unpriced: "{model} is priced by {units}" },
  line: {
    title: "What makes up the cost",
    unit: "Unit",
    quantity: "Quantity",
    price: "Price",
    amount: "Amount",
    margin: "Margin of {rate}",
  },
  total: "Total",
  price: "{credits} per {per}",
  assumptions: "Assumptions",
  source: { undated: "Price: {source}", dated: "Price since {date}: {source}" },
  said: { model: "{model}: {amount}", total: "Total: {amount}" },

  step: {
    title: "Steps",
    add: "Add a step",
    number: "Step {n}",
    model: "Model of step {n}",
    up: "Move step {n} up",
    down: "Move step {n} down",
    remove: "Remove step {n}",
    own: "An input of its own",
    fed: "Works on what step {n} gives",
  },
  rows: { title: "Rows", each: "Every model runs over every row." },

  credits: "Credits",
  afford: {
    caption: { one: "What {n} credit buys", other: "What {n} credits buy" },
    model: "Model",
    buys: "Buys",
    each: "Each line is what all the credits buy of one unit alone.",
    free: "{model} is free.",
  },

  unit: {
    token: some("token"),
    input_token: some("input token"),
    cached_input_token: some("cached input token"),
    cache_write_token: some("cache-write token"),
    output_token: some("answer token"),
    character: some("character"),
    second: some("second"),
    minute: some("minute"),
    image: some("image"),
    page: some("page"),
    request: some("call"),
    run: some("run"),
  },
  name: {
    input_token: "Input tokens",
    cached_input_token: "Cached input tokens",
    cache_write_token: "Cache-write tokens",
    output_token: "Answer tokens",
    character: "Characters",
    second: "Seconds",
    image: "Images",
    page: "Pages",
    request: "Calls",
    run: "Runs",
  },

  fault: {
    whole: "Write a whole number, such as 1500, without separators.",
    decimal: "Write a plain number, such as 2.5, without separators.",
    overflow: "This is more than can be counted.",
    missing: "Say how much goes in.",
  },
};

const LANGUAGES = { en };

const find = (words, key) => key.split(".").reduce((group, name) => group?.[name], words);

/** A speaker of the locale's language: `say("group.name", values)`; a text with plural forms is chosen by `values.n`. */
export const speaker = (locale) => {
  const words = LANGUAGES[locale.split("-")[0]] ?? en;
  const plural = new Intl.PluralRules(LANGUAGES[locale.split("-")[0]] ? locale : "en");
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 9 });
  return (key, values = {}) => {
    const found = find(words, key) ?? find(en, key);
    // Intl reads decimal text exactly; the plural form may be chosen by a float.
    const form = typeof found === "string" ? found : (found[plural.select(Number(values.n))] ?? found.other);
    const shown = values.n === undefined ? values : { ...values, n: numbers.format(values.n) };
    return form.replace(/\{(\w+)\}/g, (_, name) => shown[name]);
  };
};
