// What will it cost? Run `cargo xtask pack` at the top once, then here: `npm install && npm start`.
import init, { PriceBook, ScripError, formatCredits } from "@scrip/embed";

await init();
const book = PriceBook.builtin();
const show = (what, amount) => console.log(`${what.padEnd(52)} ${formatCredits(amount, "en")}`);

// One call, before it is made: the text's tokens are a guess, and the answer's length is not known.
const question = "Explain compound interest to a ten-year-old in three sentences.";
const before = book.estimate("openai/gpt-4", { text: question }, { output_tokens: { expected: 90, max: 200 } });
show("GPT-4 answers a question, probably", before.total);
show("… at least", before.low);
show("… at most", before.high);
for (const assumption of before.assumptions) console.log(`    ${assumption}`);

// The same call, after it was made: exact.
show("… really", book.estimate("openai/gpt-4", { input_tokens: 13, output_tokens: 87 }).total);

// An hour of a conference, heard, translated and spoken again, with a margin of 20 %.
const pipeline = book.pipeline(
  [{ model: "aws/transcribe", usage: { minutes: 60 } }, { model: "azure/translate" }, { model: "google/text-to-speech" }],
  { margin: "0.20" },
);
show("An hour of a conference, dubbed", pipeline.total);
for (const line of pipeline.lines) show(`    ${line.model}: ${line.quantity} ${line.unit}s`, line.amount);

// Which of the models that write is the cheapest for a thousand rows?
const writers = book.models().filter((model) => model.task === "generate").map((model) => model.id);
const benchmark = book.benchmark({ models: writers, rows: 1000, per_row: { input_tokens: 400, output_tokens: 100 } });
const cheapest = benchmark.by_model.toSorted((a, b) => Number(a.total) - Number(b.total)).slice(0, 3);
for (const { model, total } of cheapest) show(`A thousand rows with ${model}`, total);

// What does one credit buy?
for (const id of ["azure/translate", "aws/transcribe", "google/text-to-speech"]) {
  const [{ quantity, unit, human }] = book.afford("1", id);
  console.log(`One credit buys ${quantity} ${unit}s (${human.quantity} ${human.unit}s) of ${id}`);
}

// Whatever is refused says where.
try {
  book.estimate("openai/gpt-4", { input_tokens: 1.5 });
} catch (error) {
  if (!(error instanceof ScripError)) throw error;
  console.log(`Refused: ${error.code} at ${error.path}`);
}
