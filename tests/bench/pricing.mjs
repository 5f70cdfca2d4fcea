// Prices in Node through the packed package, against other price libraries, all in one run, with ratios. Whatever takes several calls
// there is one call here.
import { calcPrice } from "@pydantic/genai-prices";
import { estimateCost } from "tokenlens";

import { load } from "../js/support/package.mjs";
import { figures, medians, quantile, time } from "./support/measure.mjs";

const figure = figures("pricing");
const { default: init, PriceBook } = await load();
const started = performance.now();
await init();
figure("init and the built-in book, first time", performance.now() - started, "ms");

const book = PriceBook.builtin();
const usage = { input_tokens: 1200, output_tokens: 300 };
const theirs = { input_tokens: 1200, output_tokens: 300 };

/** A book of a hundred models that write: those of the built-in book, over and over. */
function hundred() {
  const writers = book.models().filter(({ task }) => task === "generate");
  const models = Array.from({ length: 100 }, (_, place) => ({ ...writers[place % writers.length], id: `bench/${place}` }));
  return { many: PriceBook.parse({ version: 1, models }), ids: models.map(({ id }) => id) };
}

const STEPS = Array.from({ length: 10 }, (_, place) => ({
  model: ["azure/translate", "openai/gpt-5.4", "google/text-to-speech", "aws/transcribe"][place % 4],
  ...(place === 0 && { usage: { characters: 20_000 } }),
  ...(place % 4 === 1 && { output_tokens: { expected: 800, max: 2000 } }),
}));

const calls = medians([
  ["scrip", () => book.estimate("openai/gpt-4", usage)],
  ["@pydantic/genai-prices", () => calcPrice(theirs, "gpt-4", { providerId: "openai" })],
  ["tokenlens", () => estimateCost({ modelId: "openai:gpt-4o", usage: { prompt_tokens: 1200, completion_tokens: 300 } })],
], { each: 200 });
for (const [name, took] of calls) {
  const what = name === "scrip" ? "with its lines and dates, exact" : "in floats";
  figure(`one call priced, ${name} (${what})`, took, "µs");
  if (name !== "scrip") figure(`one call priced, ${name}'s time to scrip's`, took / calls.get("scrip"), "ratio");
}

const { many, ids } = hundred();
const comparison = medians([
  ["scrip", () => many.compare(ids, usage)],
  ["@pydantic/genai-prices", () => { for (let i = 0; i < 100; i += 1) calcPrice(theirs, "gpt-4", { providerId: "openai" }); }],
], { rounds: 120, each: 5 });
if (many.compare(ids, usage).some(({ estimate }) => !estimate)) throw new Error("a model of the comparison has no estimate");
figure("comparison of 100 models in one call, scrip", comparison.get("scrip") / 1_000, "ms", "≤ 1");
figure("a hundred calls of @pydantic/genai-prices", comparison.get("@pydantic/genai-prices") / 1_000, "ms");
figure("a hundred calls of @pydantic/genai-prices, time to scrip's one", comparison.get("@pydantic/genai-prices") / comparison.get("scrip"), "ratio");

const pipeline = medians([["scrip", () => book.pipeline(STEPS, { margin: "0.2" })]], { rounds: 120, each: 5 });
figure("pipeline of 10 steps in one call, scrip", pipeline.get("scrip") / 1_000, "ms", "≤ 1");
// Singly, with whatever the garbage collector does in between.
const singles = (work) => quantile(Array.from({ length: 2_000 }, () => time(work)), 0.99);
figure("comparison of 100 models, p99", singles(() => many.compare(ids, usage)), "ms");
figure("pipeline of 10 steps, p99", singles(() => book.pipeline(STEPS, { margin: "0.2" })), "ms");
