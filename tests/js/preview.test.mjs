// A text that is being edited: after every edit the estimate is that of the same text given at once.
import assert from "node:assert/strict";
import { it } from "node:test";
import { load } from "./support/package.mjs";
import { random } from "./support/random.mjs";

const { default: init, PriceBook, Preview, ScripError } = await load();
const { Tokenizer } = await load("./tokenizer");
await init();
const book = PriceBook.builtin();
const at = new Date("2026-01-01");
const tokenizer = await Tokenizer.load("cl100k_base");

const PIECES = ["a", " ", "\n", "é", "価格", "🤔", "👨‍👩‍👧", "word", "  spaces", "1234567", "don't", "\ud83e", "\udd14", "x".repeat(300), ""];

for (const [what, model, options] of [
  ["characters", "azure/translate", { at }],
  ["likely tokens", "openai/gpt-4", { at, output_tokens: { expected: 5, max: 9 } }],
  ["exact tokens", "openai/gpt-4", { at, tokenizer }],
]) {
  it(`random edits give the estimate of the whole text: ${what}`, () => {
    const below = random(7);
    const preview = book.preview(model, options);
    let text = "";
    for (let edit = 0; edit < 2000; edit++) {
      const start = below(text.length + 1);
      const end = Math.min(text.length, start + below(6));
      const inserted = PIECES[below(PIECES.length)];
      const found = preview.edit(start, end, inserted);
      text = text.slice(0, start) + inserted + text.slice(end);
      assert.deepEqual(found, preview.estimate());
      const whole = text.toWellFormed?.() ?? text.replace(/\p{Surrogate}/gu, "\ufffd");
      const expected = book.estimate(model, { text: whole }, options);
      assert.deepEqual([found.total, found.low, found.high], [expected.total, expected.low, expected.high]);
      assert.equal(found.exact, expected.exact && whole === text, JSON.stringify(text));
      assert.equal(book.preview(model, options).setText(text).total, found.total);
      if (what === "exact tokens") assert.equal(preview.count(), tokenizer.count(text));
    }
  });
}

it("counts what the model prices", () => {
  const counts = (model, options) => {
    const preview = book.preview(model, { at, ...options });
    preview.setText("tiktoken is great!");
    return preview.count();
  };
  assert.equal(counts("azure/translate"), 18);
  assert.equal(counts("azure/translate", { tokenizer }), 18);
  assert.equal(counts("openai/gpt-4"), 5);
  assert.equal(counts("openai/gpt-4", { tokenizer }), 6);
});

it("begins with nothing, which costs nothing", () => {
  for (const options of [{ at }, { at, tokenizer }]) {
    const preview = book.preview("openai/gpt-4", options);
    assert.ok(preview instanceof Preview);
    assert.equal(preview.estimate().total, "0");
    assert.equal(preview.count(), 0);
  }
});

it("half a pair is inexact until the other half comes, in either order", () => {
  for (const options of [{ at }, { at, tokenizer }]) {
    for (const [first, second, at] of [["\ud83e", "\udd14", 1], ["\udd14", "\ud83e", 0]]) {
      const preview = book.preview("azure/translate", options);
      const torn = preview.edit(0, 0, first);
      assert.deepEqual([torn.exact, torn.assumptions.length], [false, 1]);
      assert.equal(preview.edit(at, at, second).exact, true);
      assert.equal(preview.count(), 1);
      assert.equal(preview.edit(1, 2, "").exact, false);
    }
  }
});

it("an edit that is not in the text is invalid_edit and changes nothing", () => {
  for (const options of [{ at }, { at, tokenizer }]) {
    const preview = book.preview("azure/translate", options);
    preview.setText("ten chars.");
    for (const [start, end] of [[11, 11], [0, 11], [3, 2], [-1, 0], [0.5, 1], [NaN, 1], [0, Infinity], ["0", 1], [undefined, 0]]) {
      assert.throws(
        () => preview.edit(start, end, "x"),
        (error) => error instanceof ScripError && error.code === "invalid_edit" && error.path === "",
        `${start} ${end}`,
      );
    }
    for (const odd of [undefined, null, 5]) {
      assert.throws(() => preview.edit(0, 0, odd), { code: "invalid_text" });
      assert.throws(() => preview.setText(odd), { code: "invalid_text" });
    }
    const long = "x".repeat(2 ** 24 + 1);
    assert.throws(() => preview.setText(long), { code: "invalid_text" });
    assert.throws(() => preview.edit(0, 0, long.slice(10)), { code: "invalid_text" });
    assert.equal(preview.count(), 10);
    assert.equal(preview.edit(10, 10, "").lines[0].quantity, "10");
  }
});

it("what cannot be priced is said when the preview is made", () => {
  assert.throws(() => book.preview("nobody/nothing"), { code: "unknown_model" });
  assert.throws(() => book.preview("aws/transcribe"), { code: "unit_not_priced" });
  assert.throws(() => book.preview("openai/gpt-4", { margin: "-1" }), { code: "invalid_decimal", path: "/margin" });
  assert.throws(() => book.preview("openai/gpt-4", { at: new Date(NaN) }), { code: "invalid_options", path: "/at" });
  assert.throws(() => book.preview("openai/gpt-4", 5), { code: "invalid_options", path: "" });
});

it("freed, it says so; freeing twice is harmless", () => {
  for (const options of [{ at }, { at, tokenizer }]) {
    const preview = book.preview("azure/translate", options);
    preview.free();
    preview.free();
    for (const late of [() => preview.estimate(), () => preview.count(), () => preview.setText(""), () => preview.edit(0, 0, "")]) {
      assert.throws(late, { name: "ScripError", code: "freed" });
    }
  }
  assert.equal(book.preview("azure/translate").setText("ok").lines[0].quantity, "2");
});
