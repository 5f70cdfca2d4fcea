// Exact token counts. Their vocabularies are large, so they are fetched when a text is typed for a model that has a public one.

const loading = new Map();

/** The tokenizer of an encoding if it is there; "loading" or "unavailable" if not. `arrived` is called when that changes. */
export const tokenizer = (encoding, arrived) => {
  const one = loading.get(encoding);
  if (!one) {
    const started = { state: "loading", waiting: new Set([arrived]) };
    loading.set(encoding, started);
    load(encoding).then(
      (tokenizer) => settle(started, tokenizer),
      (error) => {
        console.warn("scrip: no exact token counts:", error);
        settle(started, "unavailable");
      },
    );
    return "loading";
  }
  if (one.state === "loading") one.waiting.add(arrived);
  return one.state;
};

/** The same without fetching anything. */
export const loaded = (encoding) => loading.get(encoding)?.state;

const load = async (encoding) => (await import("./tokenizer.js")).Tokenizer.load(encoding);

const settle = (one, state) => {
  one.state = state;
  for (const arrived of one.waiting) arrived();
  one.waiting.clear();
};
