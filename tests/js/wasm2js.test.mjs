// The same in JavaScript: what runs where Wasm is refused, or its file cannot be reached.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { load } from "./support/package.mjs";
import { random } from "./support/random.mjs";

const wasm = globalThis.WebAssembly;
const { default: init, PriceBook, Allowance } = await load();
const { Tokenizer } = await load("./tokenizer");

describe("without WebAssembly", () => {
  let book, tokenizer;

  before(async () => {
    globalThis.WebAssembly = undefined;
    await init();
    [book, tokenizer] = [PriceBook.builtin(), await Tokenizer.load("cl100k_base")];
  });
  after(() => { globalThis.WebAssembly = wasm; });

  it("the golden numbers come out", () => {
    const human = (model) => book.afford("1", model)[0].human.quantity;
    assert.deepEqual(["azure/translate", "aws/transcribe", "openai/gpt-4", "google/text-to-speech"].map(human), ["50", "41.666666666", "16666", "31.25"]);
  });

  it("wide products are exact", () => {
    const wide = { id: "w", supplier: "s", name: "n", task: "other", prices: [{ unit: "second", credits: "0.999999999", per: "999999999999999.999999999" }] };
    const one = PriceBook.parse({ version: 1, models: [wide] });
    assert.equal(one.estimate("w", { seconds: "999999999999999.999999999" }).total, "0.999999999");
    assert.equal(one.estimate("w", { seconds: "999999999999999.999999998" }).total, "0.999999999");
  });

  it("faults have their codes and the instance stays usable", () => {
    assert.throws(() => book.estimate("azure/translate", { characters: "1e3" }), { code: "invalid_quantity", path: "/characters" });
    assert.throws(() => PriceBook.parse("{"), { code: "price_book_invalid" });
    assert.equal(book.estimate("azure/translate", { characters: 100000 }).total, "1");
  });

  it("an allowance rolls", () => {
    const allowance = new Allowance({ capacity: "2" });
    const at = allowance.spend("1.5", Date.UTC(2026, 0, 1));
    assert.equal(allowance.available(at), "0.5");
    assert.equal(allowance.available(+at + 2_592_000_000), "2");
  });

  it("a text of a megabyte, for which the memory grows, is counted as its parts are", () => {
    const words = ["tiktoken", " is", " great", "!\n", " お誕生日", " 12345"];
    const below = random(3);
    const text = Array.from({ length: 200_000 }, () => words[below(words.length)]).join("");
    const preview = book.preview("openai/gpt-4", { tokenizer });
    preview.setText(text);
    assert.equal(preview.count(), tokenizer.count(text));
    preview.edit(5, 500_000, "");
    assert.equal(preview.count(), tokenizer.count(text.slice(0, 5) + text.slice(500_000)));
    const likely = book.preview("openai/gpt-4");
    likely.setText(text);
    assert.equal(likely.count(), Math.ceil(text.length / 4));
  });
});
