// A text's cost while it is typed: a Preview is told what each edit touched, and counts no more than that.
import init, { PriceBook, ScripError, formatCredits } from "@scrip/embed";
import { Tokenizer } from "@scrip/embed/tokenizer";
import { difference } from "./difference.js";

const [prompt, model, answer, cost, detail, fault] = ["prompt", "model", "answer", "cost", "detail", "fault"].map((id) =>
  document.getElementById(id),
);
const MODELS = ["openai/gpt-5-mini", "openai/gpt-5", "openai/gpt-4", "anthropic/claude-haiku-4-5"];
const tokenizers = new Map();

await init();
const book = PriceBook.builtin();
model.append(...MODELS.map((id) => new Option(book.model(id).name, id)));

let preview;
let counted = "";

/** Another model or another expected answer: a new preview of the same text. */
function begin() {
  show(() => {
    const tokenizer = tokenizers.get(book.model(model.value).tokenizer);
    const made = book.preview(model.value, { output_tokens: { expected: answer.value.trim() }, ...(tokenizer && { tokenizer }) });
    preview?.free();
    preview = made;
    counted = prompt.value;
    return preview.setText(counted);
  });
}

function typed() {
  // Exact counts need the model's vocabulary, which is fetched once somebody types; until then they are approximate.
  load(book.model(model.value).tokenizer);
  show(() => {
    const [start, end, inserted] = difference(counted, prompt.value);
    const estimate = preview.edit(start, end, inserted);
    counted = prompt.value;
    return estimate;
  });
}

async function load(encoding) {
  if (!encoding || tokenizers.has(encoding)) return;
  tokenizers.set(encoding, undefined);
  tokenizers.set(encoding, await Tokenizer.load(encoding));
  begin();
}

function show(work) {
  try {
    const { total, low, high } = work();
    const exact = Boolean(tokenizers.get(book.model(model.value).tokenizer));
    cost.textContent = formatCredits(total, "en");
    const range = high === null ? `at least ${formatCredits(low, "en")}` : `between ${formatCredits(low, "en")} and ${formatCredits(high, "en")}`;
    detail.textContent = `${preview.count().toLocaleString("en")} tokens, ${exact ? "exact" : "approximate"}; ${range}`;
    fault.textContent = "";
  } catch (error) {
    if (!(error instanceof ScripError)) throw error;
    fault.textContent = `${error.message}`;
  }
}

prompt.addEventListener("input", typed);
model.addEventListener("change", () => {
  if (prompt.value) load(book.model(model.value).tokenizer);
  begin();
});
answer.addEventListener("input", begin);
begin();
