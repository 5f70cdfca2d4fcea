// What every runtime is asked to do, as an application would: this file is copied into a project that has installed the package and is
// imported, bundled or served from there.
import init, { Allowance, PriceBook, ScripError, formatCredits } from "@scrip/embed";
import { Tokenizer } from "@scrip/embed/tokenizer";

/** `vocabulary`: where the data of the tokens lies, where a bundler has not brought it. */
export async function use(vocabulary) {
  await init();
  const book = PriceBook.builtin();
  const allowance = new Allowance({ capacity: "2" });
  const spentAt = allowance.spend("0.5", Date.UTC(2026, 0, 1));
  const tokenizer = await Tokenizer.load("o200k_base", vocabulary);
  const preview = book.preview("openai/gpt-5.4", { tokenizer, output_tokens: { expected: 0 } });
  preview.setText("tiktoken is");
  return {
    estimate: book.estimate("azure/translate", { characters: 100_000 }).total,
    pipeline: book.pipeline([{ model: "aws/transcribe", usage: { minutes: 10 } }, { model: "azure/translate" }]).total,
    afford: book.afford("1", "aws/transcribe").map(({ human }) => `${human.quantity} ${human.unit}s`),
    available: allowance.available(spentAt),
    back: allowance.available(spentAt.getTime() + 30 * 86_400_000),
    shown: formatCredits("1234.5", "en"),
    tokens: tokenizer.count("tiktoken is great!"),
    previewed: preview.edit(11, 11, " great!").total,
    refused: refusal(() => book.estimate("openai/gpt-4", { input_tokens: -1 })),
  };
}

function refusal(work) {
  try {
    return work();
  } catch (error) {
    return error instanceof ScripError ? `${error.code} at ${error.path}` : String(error);
  }
}
