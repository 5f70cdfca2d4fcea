// Exact token counts, as the package's own subpath gives them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { it } from "node:test";
import { pathToFileURL } from "node:url";
import { folder, load } from "./support/package.mjs";

const { Tokenizer } = await load("./tokenizer");
const { default: init, PriceBook, ScripError } = await load();
const file = (encoding) => join(folder, `${encoding}.bin`);

const refused = (work, code, path) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof ScripError, "the class is the same in every entry");
    assert.deepEqual({ code: error.code, path: error.path }, { code, path });
    return true;
  });

it("counts what tiktoken counts, in both encodings", async () => {
  const [o200k, cl100k] = await Promise.all([Tokenizer.load("o200k_base"), Tokenizer.load("cl100k_base")]);
  for (const [text, larger, smaller] of [
    ["", 0, 0],
    ["hello world", 2, 2],
    ["tiktoken is great!", 6, 6],
    ["antidisestablishmentarianism", 6, 6],
    ["お誕生日おめでとう", 8, 9],
    ["<|endoftext|>", 7, 7],
  ]) {
    assert.deepEqual([o200k.count(text), cl100k.count(text)], [larger, smaller], text);
  }
  assert.equal(o200k.count("\ud83e"), o200k.count("\ufffd"));
  assert.equal(o200k.encoding, "o200k_base");
});

it("loads once, however often it is asked", async () => {
  const [one, other] = await Promise.all([Tokenizer.load("o200k_base"), Tokenizer.load("o200k_base")]);
  assert.equal(one, other);
});

it("takes a file in Node before 20.16, too, which has no process.getBuiltinModule", async () => {
  const builtin = process.getBuiltinModule;
  process.getBuiltinModule = undefined;
  try {
    assert.equal((await Tokenizer.load("cl100k_base", pathToFileURL(file("cl100k_base")))).count("hello world"), 2);
  } finally {
    process.getBuiltinModule = builtin;
  }
});

it("takes a file, an address and bytes", async (t) => {
  const bytes = readFileSync(file("cl100k_base"));
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/v.bin" ? 200 : 404).end(request.url === "/v.bin" ? bytes : "");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const base = `http://127.0.0.1:${server.address().port}`;
  for (const source of [pathToFileURL(file("cl100k_base")), new URL("/v.bin", base), bytes, new Uint8Array(bytes).buffer]) {
    assert.equal((await Tokenizer.load("cl100k_base", source)).count("hello world"), 2);
  }
  await refused(Tokenizer.load("cl100k_base", new URL("/missing", base)), "vocabulary_invalid", "");
});

it("a vocabulary that is cut off, changed, not ours or of the other encoding is vocabulary_invalid", async () => {
  const bytes = readFileSync(file("cl100k_base"));
  const changed = new Uint8Array(bytes);
  changed[150_000] ^= 1;
  for (const wrong of [new Uint8Array(), bytes.subarray(0, -1), bytes.subarray(0, 1000), changed, new Uint8Array(300_000)]) {
    await refused(Tokenizer.load("cl100k_base", wrong), "vocabulary_invalid", "");
  }
  await refused(Tokenizer.load("o200k_base", bytes), "vocabulary_invalid", "");
  await refused(Tokenizer.load("cl100k_base", pathToFileURL("/no/such/file")), "vocabulary_invalid", "");
  await refused(Tokenizer.load("p50k_base"), "invalid_options", "");
  await refused(Tokenizer.load("toString"), "invalid_options", "");
  await refused(Tokenizer.load("cl100k_base", "words"), "invalid_options", "");
  assert.equal((await Tokenizer.load("cl100k_base")).count("still usable"), 2);
});

it("an estimate with a tokenizer is exact, and says so", async () => {
  await init();
  const book = PriceBook.builtin();
  const tokenizer = await Tokenizer.load("cl100k_base");
  const usage = { text: "tiktoken is great!", output_tokens: 0 };
  const exact = book.estimate("openai/gpt-4", usage, { tokenizer });
  assert.deepEqual([exact.total, exact.low, exact.high, exact.exact], ["0.00036", "0.00036", "0.00036", true]);
  assert.equal(book.estimate("openai/gpt-4", usage).exact, false);
  const [first, second] = book.compare(["openai/gpt-4", "azure/translate"], { text: usage.text }, { tokenizer });
  assert.equal(first.estimate.lines[0].quantity, "6");
  assert.equal(second.estimate.lines[0].quantity, "18");
  const steps = [{ model: "azure/translate", usage: { characters: 9 } }, { model: "openai/gpt-4", usage }];
  assert.equal(book.pipeline(steps, { tokenizer }).steps[1].total, "0.00036");
  const benchmark = book.benchmark({ models: ["openai/gpt-4"], rows: 10, per_row: usage }, { tokenizer });
  assert.equal(benchmark.by_model[0].total, "0.0036");
});

it("a tokenizer of another encoding, or none at all, is invalid_options", async () => {
  await init();
  const book = PriceBook.builtin();
  const tokenizer = await Tokenizer.load("o200k_base");
  const expected = { name: "ScripError", code: "invalid_options", path: "/tokenizer" };
  const usage = { text: "words" };
  assert.throws(() => book.estimate("openai/gpt-4", usage, { tokenizer }), expected);
  assert.throws(() => book.pipeline([{ model: "openai/gpt-4", usage }], { tokenizer }), expected);
  assert.throws(() => book.benchmark({ models: ["openai/gpt-4"], rows: 1, per_row: usage }, { tokenizer }), expected);
  assert.throws(() => book.preview("openai/gpt-4", { tokenizer }), expected);
  assert.throws(() => book.estimate("openai/gpt-4", usage, { tokenizer: {} }), expected);
  assert.throws(() => book.estimate("openai/gpt-4", usage, { tokenizer: "o200k_base" }), expected);
  // Nothing of it is counted in tokens of that encoding.
  assert.equal(book.estimate("azure/translate", usage, { tokenizer }).exact, true);
  assert.equal(book.estimate("openai/gpt-4", { input_tokens: 1, output_tokens: 0 }, { tokenizer }).exact, true);
  assert.equal(book.compare(["openai/gpt-4"], usage, { tokenizer })[0].error.code, "invalid_options");
});

it("what is no text is invalid_text", async () => {
  const tokenizer = await Tokenizer.load("cl100k_base");
  for (const odd of [undefined, null, 5, {}]) assert.throws(() => tokenizer.count(odd), { code: "invalid_text" });
  assert.equal(tokenizer.count("ok"), 1);
});
