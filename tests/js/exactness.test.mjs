// Prices of the packed package against BigInt: no amount may differ, whatever the operands.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { importedBook } from "./support/imported.mjs";
import { load } from "./support/package.mjs";

const { default: init, PriceBook } = await load();
await init();

const SEED = 0x5c21_2026n;
const NANO = 10n ** 9n;
const MOST = 9_000_000_000n * NANO;
const AT = { at: new Date("2026-11-01T00:00:00Z") };

/** SplitMix64: the numbers of the native tests. */
function random(seed) {
  let state = seed;
  const bits = (value) => BigInt.asUintN(64, value);
  return (below) => {
    state = bits(state + 0x9e3779b97f4a7c15n);
    let mixed = bits((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = bits((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return (mixed ^ (mixed >> 31n)) % BigInt(below);
  };
}

/** Billionths of a decimal's text, and back. */
function nanos(text) {
  const [whole, fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(9, "0"));
}
function decimal(number) {
  const digits = String(number).padStart(10, "0");
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, "");
}
const up = (above, below) => (above + below - 1n) / below;

const book = (prices) => PriceBook.parse({ version: 1, models: [{ id: "m", supplier: "s", name: "n", task: "other", prices }] });

it(`a grid of 10,000 token pairs costs what BigInt says (seed ${SEED})`, () => {
  const gpt = book([{ unit: "input_token", credits: "2.5", per: "1000000" }, { unit: "output_token", credits: "10", per: "1000000" }]);
  const next = random(SEED);
  const wrong = [];
  for (let pair = 0; pair < 10_000; pair += 1) {
    const [input, output] = [next(10_000) + 1n, next(10_000) + 1n];
    const { total } = gpt.estimate("m", { input_tokens: String(input), output_tokens: Number(output) }, AT);
    const expected = decimal(input * 2500n + output * 10_000n);
    if (total !== expected) wrong.push({ input, output, total, expected });
  }
  assert.deepEqual(wrong, []);
});

it("maximal operands are exact to the last nano-credit, and beyond all amounts they are refused", () => {
  const next = random(SEED);
  const largest = 10n ** 24n - 1n;
  const size = (most) => { const shift = next(80); const number = (next(2n ** 63n) * 2n ** 17n + next(2n ** 17n)) >> shift; return number > most ? most : number; };
  const tries = [
    [largest, 1n, largest], [largest, MOST, largest], [1n, 1n, largest], [largest, MOST, 1n], [NANO, MOST, NANO], [NANO + 1n, MOST, NANO],
    [largest, 9_007_199_254_740_993n, largest - 1n],
  ];
  for (let count = 0; count < 3000; count += 1) tries.push([size(largest), size(MOST), size(largest) || 1n]);
  let refused = 0;
  for (const [quantity, credits, per] of tries) {
    const one = book([{ unit: "second", credits: decimal(credits), per: decimal(per) }]);
    const expected = up(quantity * credits, per);
    if (expected > MOST) {
      refused += 1;
      assert.throws(() => one.estimate("m", { seconds: decimal(quantity) }, AT), { code: "overflow" });
    } else {
      assert.equal(one.estimate("m", { seconds: decimal(quantity) }, AT).total, decimal(expected), `${quantity} × ${credits} / ${per}`);
    }
  }
  assert.ok(refused > 100 && refused < tries.length - 100, String(refused));
});

const MEMBERS = {
  input_token: "input_tokens", cached_input_token: "cached_input_tokens", cache_write_token: "cache_write_tokens", output_token: "output_tokens",
  character: "characters", second: "seconds", image: "images", page: "pages", request: "requests",
};

/** Nano-credits of a price of the book for so many whole units, of which the whole prompt has `total`. */
function cost(price, count, total) {
  const tier = (price.tiers ?? []).findLast(({ above, by }) => (by === "input_total" ? total : count) * NANO > nanos(above));
  return up(count * NANO * nanos((tier ?? price).credits), nanos(price.per));
}

it(`every model of an imported release costs what BigInt says (seed ${SEED})`, importedBook(), () => {
  const imported = PriceBook.parse(readFileSync(process.env.SCRIP_IMPORTED_BOOK, "utf8"));
  const next = random(SEED);
  let lines = 0;
  for (const { id, prices } of imported.models(AT.at)) {
    const bounds = prices.flatMap(({ tiers = [] }) => tiers.map(({ above }) => BigInt(above)));
    for (const about of [0n, 1n, 1_000_000n, next(10_000), next(10n ** 9n), ...bounds, ...bounds.map((bound) => bound + 1n)]) {
      const prompt = prices.find(({ unit }) => unit === "input_token");
      const counts = prices.map((price) => (price === prompt || bounds.length === 0 ? about : price.unit === "output_token" ? next(100_000) : 0n));
      const total = prices.reduce((sum, { unit }, place) => (unit.includes("input_") || unit === "cache_write_token" ? sum + counts[place] : sum), 0n);
      const usage = Object.fromEntries(prices.map(({ unit }, place) => [MEMBERS[unit], String(counts[place])]));
      const expected = prices.map((price, place) => cost(price, counts[place], total));
      const estimate = imported.estimate(id, usage, AT);
      assert.deepEqual(estimate.lines.map(({ amount }) => amount), expected.map(decimal), `${id} ${JSON.stringify(usage)}`);
      assert.equal(estimate.total, decimal(expected.reduce((sum, amount) => sum + amount)));
      lines += prices.length;
    }
  }
  assert.ok(lines > 10_000, String(lines));
});
