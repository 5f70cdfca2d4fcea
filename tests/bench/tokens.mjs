// Token counts in Node through the packed package, against the other libraries, all in one run, with ratios.
//
// Every input is counted in a few rounds, taking turns, and the best of each is kept: on a shared machine what is slower than that is
// somebody else's work. A library that needs longer than LIMIT for an input is measured once and not asked again.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

import { folder, load } from "../js/support/package.mjs";
import { ENCODING, others, ours } from "./support/counters.mjs";
import { figures, quantile, random, time } from "./support/measure.mjs";
import { AWKWARD, KB, mixed } from "./support/texts.mjs";

const LIMIT = 2_000;
const say = figures("tokens");
const figure = (name, value, unit, bound) => say(`packed package, ${name}`, value, unit, bound);

/** The best of some rounds of each library, in turns. */
function best(libraries, text, rounds) {
  const found = new Map(libraries.map((library) => [library.name, Infinity]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, count } of libraries) {
      if (round > 0 && found.get(name) > LIMIT) continue;
      found.set(name, Math.min(found.get(name), time(() => count(text))));
    }
  }
  return found;
}

function report(what, found, unit, bound, convert = (value) => value) {
  const own = found.get("scrip");
  figure(`${what}, scrip`, convert(own), unit, bound);
  for (const [name, value] of found) {
    if (name === "scrip") continue;
    figure(`${what}, ${name}`, convert(value), unit);
    figure(`${what}, ${name}'s time to scrip's`, value / own, "ratio");
  }
}

/** The vocabulary as it travels. */
function vocabulary() {
  const bytes = readFileSync(join(folder, `${ENCODING}.bin`));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  figure(`vocabulary of ${ENCODING}, brotli`, brotliCompressSync(bytes, { params }).length / 1_000, "KB", "≤ 705");
}

/** What a page does for every key: an edit and its estimate with us, the whole text again with the others. */
async function typing(libraries, text) {
  const { default: init, PriceBook } = await load();
  await init();
  const preview = PriceBook.builtin().preview("openai/gpt-5.4", { tokenizer: libraries[0].tokenizer, output_tokens: { expected: 500 } });
  preview.setText(text);
  const below = random(7);
  const step = () => {
    const at = below(text.length);
    const before = performance.now();
    for (let i = 0; i < 10; i += 1) {
      preview.edit(at, at, "e");
      preview.edit(at, at + 1, "");
    }
    return ((performance.now() - before) / 20) * 1_000;
  };
  for (let i = 0; i < 300; i += 1) step();
  const median = quantile(Array.from({ length: 2_000 }, step), 0.5);
  // Singly, for the tail.
  const singles = Array.from({ length: 20_000 }, () => {
    const at = below(text.length);
    const took = time(() => preview.edit(at, at, "e")) * 1_000;
    preview.edit(at, at + 1, "");
    return took;
  });
  if (preview.count() !== libraries[0].count(text)) throw new Error("the edits lost count");
  figure("one edit anywhere in 100 KB with its estimate, median, scrip", median, "µs", "≤ 10");
  figure("one edit anywhere in 100 KB with its estimate, p99, scrip", quantile(singles, 0.99), "µs", "≤ 100");
  for (const { name, count } of libraries.slice(1)) {
    const whole = Math.min(...Array.from({ length: 3 }, () => time(() => count(`${text}e`)))) * 1_000;
    figure(`one edit anywhere in 100 KB, ${name} (counts all again, no estimate)`, whole, "µs");
    figure(`one edit anywhere in 100 KB, ${name}'s time to scrip's`, whole / median, "ratio");
  }
}

const text = mixed(1_000_000);
const libraries = [];
for (const begin of [ours, ...others]) {
  const library = await begin();
  libraries.push(library);
  figure(`ready to count, ${library.name}`, library.loaded, "ms");
}
vocabulary();
// The very first count of each, and what they say: all must agree.
const first = new Map(libraries.map(({ name, count }) => [name, time(() => count(text))]));
report("first 1 MB", first, "ms", "≤ 100");
const counts = new Set(libraries.map(({ count }) => count(text)));
if (counts.size !== 1) throw new Error(`the libraries count differently: ${[...counts].join(", ")}`);
const size = Buffer.byteLength(text) / 1e6;
report("1 MB again", best(libraries, text, 8), "MB/s", "≥ 17", (ms) => (size / ms) * 1_000);
await typing(libraries, mixed(KB));
// js-tiktoken needs more than a minute for one letter repeated.
const hardy = libraries.filter(({ name }) => name !== "js-tiktoken");
for (const [what, input] of Object.entries(AWKWARD)) report(`100 KB of ${what}`, best(hardy, input, 5), "ms", "≤ 10");
