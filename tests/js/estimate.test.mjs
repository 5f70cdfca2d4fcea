// What JavaScript alone can give: odd numbers, odd texts, odd objects. The prices themselves are in the vectors.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { it } from "node:test";
import { load } from "./support/package.mjs";

const { default: init, PriceBook, ScripError, fetchPriceBook } = await load();
await init();
const book = PriceBook.builtin();

const refused = (work, code, path) =>
  assert.throws(work, (error) => {
    assert.ok(error instanceof ScripError && error instanceof Error && error.name === "ScripError", String(error));
    assert.deepEqual([error.code, error.path], [code, path], error.message);
    return true;
  });

it("a number that is no quantity is invalid_quantity, and the book stays usable", () => {
  for (const odd of [NaN, Infinity, -Infinity, -1, -0.5, 1e15, 1e21, 1e-10, 0.1 + 0.2, 2 ** 53, "", " ", "NaN", "0x10", "1_000", true, null, [], {}, () => 1, Symbol("1"), 1n, new Date()]) {
    refused(() => book.estimate("aws/transcribe", { seconds: odd }), "invalid_quantity", "/seconds");
  }
  assert.equal(book.estimate("aws/transcribe", { seconds: 60 }).total, "0.024");
});

it("a number is taken by its exact shortest decimal", () => {
  const prices = [{ unit: "second", credits: "0.000000001", per: "1000000" }];
  const cheap = PriceBook.parse({ version: 1, models: [{ id: "m", supplier: "s", name: "n", task: "other", prices }] });
  const quantity = (seconds) => cheap.estimate("m", { seconds }).lines[0].quantity;
  for (const [number, text] of [[0.1, "0.1"], [0.3, "0.3"], [4.35, "4.35"], [1e-9, "0.000000001"], [999999999999999, "999999999999999"], [-0, "0"], [123456.789, "123456.789"]]) {
    assert.equal(quantity(number), text);
  }
  for (let i = 0; i < 20000; i += 1) {
    const number = Number((Math.random() * 10 ** (Math.random() * 15)).toFixed(Math.floor(Math.random() * 10)));
    const text = String(number);
    if (text.includes("e") || (text.split(".")[1] ?? "").length > 9) continue;
    assert.equal(quantity(number), text);
  }
});

it("members that are undefined are not there", () => {
  const estimate = book.estimate("openai/gpt-4", { input_tokens: 10, output_tokens: 0, images: undefined }, { margin: undefined, at: undefined });
  assert.equal(estimate.exact, true);
});

it("a lone surrogate and a text beyond 16 Mi units are invalid_text", () => {
  for (const text of ["\ud800", "a\udc00b", "\udc00\ud800", "\ufffd\ud800", "x".repeat(50_000_000)]) {
    refused(() => book.estimate("azure/translate", { text }), "invalid_text", "/text");
  }
  for (const text of [1, null, ["a"]]) refused(() => book.estimate("azure/translate", { text }), "invalid_text", "/text");
  for (const text of ["\ud83d\udc4b", "\ufffd"]) {
    assert.equal(book.estimate("azure/translate", { text }).lines[0].quantity, "1");
  }
});

it("a usage or options that are no object are invalid_options", () => {
  for (const odd of [undefined, null, 5, "text", [], () => {}]) refused(() => book.estimate("openai/gpt-4", odd), "invalid_options", "");
  for (const odd of [null, 5, "text", () => {}]) refused(() => book.estimate("openai/gpt-4", { input_tokens: 1 }, odd), "invalid_options", "");
});

it("a bad time is invalid_options", () => {
  for (const at of [new Date(NaN), "2024-01-01", NaN, 0.5, {}, null]) {
    refused(() => book.estimate("openai/gpt-4", { input_tokens: 1 }, { at }), "invalid_options", "/at");
    refused(() => book.models(at), "invalid_options", "");
    refused(() => book.model("openai/gpt-4", at), "invalid_options", "");
  }
});

it("a model id that is no text is unknown", () => {
  for (const id of [undefined, null, 5, {}]) {
    refused(() => book.estimate(id, { input_tokens: 1 }), "unknown_model", "");
    assert.equal(book.model(id), undefined);
  }
});

it("a book that holds itself, a lone surrogate or no JSON is price_book_invalid", () => {
  const self = { version: 1 };
  self.models = [self];
  assert.throws(() => PriceBook.parse(self), { code: "price_book_invalid" });
  const endless = { version: 1, models: [] };
  endless.models.push({ id: endless });
  refused(() => PriceBook.parse(endless), "price_book_invalid", "");
  refused(() => PriceBook.parse({ version: 1, models: [{ id: "\ud800" }] }), "price_book_invalid", "/models/0/id");
  for (const odd of ["", "{", "null", "[]", null, undefined, 5]) refused(() => PriceBook.parse(odd), "price_book_invalid", "");
});

it("a book given as text and as object is the same, and what toJSON gives can be parsed again", () => {
  const json = book.toJSON();
  assert.equal(json.version, 1);
  assert.deepEqual(PriceBook.parse(JSON.stringify(json)).toJSON(), json);
  assert.deepEqual(PriceBook.parse(json).toJSON(), json);
  assert.deepEqual(book.models().map((model) => book.model(model.id)), book.models());
});

it("fetchPriceBook loads what a server charges by", async (t) => {
  const answers = { "/book": [200, JSON.stringify(book.toJSON())], "/html": [200, "<p>"], "/wrong": [200, '{"version":1}'] };
  const server = createServer((request, response) => {
    const [status, body] = answers[request.url] ?? [404, ""];
    response.writeHead(status).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const base = `http://127.0.0.1:${server.address().port}`;
  const loaded = await fetchPriceBook(new URL("/book", base));
  assert.deepEqual(loaded.toJSON(), book.toJSON());
  for (const [path, place] of [["/html", ""], ["/wrong", "/models"], ["/gone", ""]]) {
    await assert.rejects(fetchPriceBook(base + path), (error) => {
      assert.ok(error instanceof ScripError, String(error));
      assert.deepEqual([error.code, error.path], ["price_book_invalid", place]);
      return true;
    });
  }
  await assert.rejects(fetchPriceBook("http://127.0.0.1:1/"), { code: "price_book_invalid" });
});
