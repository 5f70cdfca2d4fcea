// Token counts as Wasm against the other libraries, all in one run, with ratios. One JSON object a line, as `cargo xtask bench` reads
// them.
//
//   SCRIP_TOKENIZER   folder with our Wasm module and glue (wasm-bindgen --target web): <name>.js, <name>_bg.wasm
//   SCRIP_VOCABULARY  folder with o200k_base.bin
//   TIKTOKEN_CRATE    folder with the crate `tiktoken` as Wasm (tests/bench/tiktoken-crate), likewise
//
// Every input is counted in a few rounds, taking turns, and the best of each is kept: on a shared machine what is slower than that is
// somebody else's work. A library that needs longer than LIMIT for an input is measured once and not asked again.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const ENCODING = "o200k_base";
const LIMIT = 2_000;
const require = createRequire(import.meta.url);

async function wasm(folder) {
  const name = readdirSync(folder).find((file) => file.endsWith("_bg.wasm")).replace("_bg.wasm", "");
  const glue = await import(pathToFileURL(join(folder, `${name}.js`)));
  glue.initSync({ module: readFileSync(join(folder, `${name}_bg.wasm`)) });
  return glue;
}

const start = (name, load) => async () => {
  const at = performance.now();
  const count = await load();
  return { name, count, loaded: performance.now() - at };
};

const ours = start("scrip", async () => {
  const { Counts } = await wasm(process.env.SCRIP_TOKENIZER);
  const counts = new Counts(readFileSync(join(process.env.SCRIP_VOCABULARY, `${ENCODING}.bin`)));
  return Object.assign((text) => counts.count(text), { counts });
});

const others = [
  start("tiktoken crate", async () => {
    const { count } = await wasm(process.env.TIKTOKEN_CRATE);
    count(ENCODING, "");
    return (text) => count(ENCODING, text);
  }),
  start("tiktoken", async () => {
    const encoder = require("tiktoken").get_encoding(ENCODING);
    return (text) => encoder.encode_ordinary(text).length;
  }),
  start("gpt-tokenizer", async () => {
    const { countTokens } = await import(`gpt-tokenizer/encoding/${ENCODING}`);
    return (text) => countTokens(text, { disallowedSpecial: new Set() });
  }),
  start("ai-tokenizer", async () => {
    const [{ Tokenizer }, encoding] = [await import("ai-tokenizer"), await import(`ai-tokenizer/encoding/${ENCODING}`)];
    const tokenizer = new Tokenizer(encoding);
    return (text) => tokenizer.count(text);
  }),
  start("js-tiktoken", async () => {
    const { getEncoding } = await import("js-tiktoken");
    const encoder = getEncoding(ENCODING);
    return (text) => encoder.encode(text, [], []).length;
  }),
];

/** xorshift, seeded: every run measures the same. */
let state = 42;
function below(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

/** Code and prose of many scripts, with names and numbers that no cache has seen. */
function mixed(bytes) {
  const files = ["README.md", "ARCHITECTURE.md", "DESIGN.md", "crates/tokenizer/src/scan.rs", "crates/tokenizer/src/counter.rs"];
  const parts = files.map((file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"));
  parts.push("Быстрая коричневая лиса прыгает через ленивую собаку, пока никто не смотрит. ");
  parts.push("敏捷的棕色狐狸跳过了懒狗。価格は入力する前に表示されます。빠른 갈색 여우가 게으른 개를 뛰어넘는다. ");
  parts.push("الثعلب البني السريع يقفز فوق الكلب الكسول. चपल भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है। ");
  const words = parts.map((part) => part.split(/(?<= )/));
  let text = "";
  let size = 0;
  while (size < bytes) {
    const part = words[below(words.length)];
    const from = below(part.length);
    const piece = `${part.slice(from, from + 40).join("")}item${below(1 << 24).toString(16)} = ${below(100_000)}; `;
    text += piece;
    size += Buffer.byteLength(piece);
  }
  return text;
}

function drawn(bytes, draw) {
  let text = "";
  for (let size = 0; size < bytes; ) {
    const piece = String.fromCodePoint(draw());
    text += piece;
    size += Buffer.byteLength(piece);
  }
  return text;
}

const KB = 100_000;
const AWKWARD = {
  "one letter": "a".repeat(KB),
  spaces: " ".repeat(KB),
  "random letters": drawn(KB, () => 0x61 + below(26)),
  "random CJK": drawn(KB, () => 0x4e00 + below(0x51a5)),
  "random code points": drawn(KB, () => {
    const point = below(0x110000 - 0x800);
    return point < 0xd800 ? point : point + 0x800;
  }),
};

function time(work) {
  const at = performance.now();
  work();
  return performance.now() - at;
}

function figure(name, value, unit, bound = null, met = null) {
  console.log(JSON.stringify({ group: "tokenizer", name: `${ENCODING}, Wasm: ${name}`, value: Number(value.toPrecision(4)), unit, bound, met }));
}

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

function report(what, found, unit, bound, met, convert = (value) => value) {
  const own = found.get("scrip");
  figure(`${what}, scrip`, convert(own), unit, bound, bound && met(convert(own)));
  for (const [name, value] of found) {
    if (name === "scrip") continue;
    figure(`${what}, ${name}`, convert(value), unit);
    figure(`${what}, ${name}'s time to scrip's`, value / own, "ratio");
  }
}

function quantile(times, share) {
  return times.sort((a, b) => a - b)[Math.floor(times.length * share)];
}

/** What a page does for every key: the edit with us, the whole text again with the others. */
function typing(libraries, text) {
  const edited = libraries[0].count.counts.text();
  edited.set(text);
  const step = () => {
    const at = below(text.length);
    const before = performance.now();
    for (let i = 0; i < 10; i += 1) {
      edited.edit(at, at, "e");
      edited.edit(at, at + 1, "");
    }
    return ((performance.now() - before) / 20) * 1_000;
  };
  for (let i = 0; i < 300; i += 1) step();
  const median = quantile(Array.from({ length: 2_000 }, step), 0.5);
  // Singly, for the tail.
  const singles = Array.from({ length: 20_000 }, () => {
    const at = below(text.length);
    const took = time(() => edited.edit(at, at, "e")) * 1_000;
    edited.edit(at, at + 1, "");
    return took;
  });
  const p99 = quantile(singles, 0.99);
  figure("one edit anywhere in 100 KB, median, scrip", median, "µs", "≤ 10", median <= 10);
  figure("one edit anywhere in 100 KB, p99, scrip", p99, "µs", "≤ 100", p99 <= 100);
  for (const { name, count } of libraries.slice(1)) {
    const whole = Math.min(...Array.from({ length: 3 }, () => time(() => count(`${text}e`)))) * 1_000;
    figure(`one edit anywhere in 100 KB, ${name} (counts all again)`, whole, "µs");
    figure(`one edit anywhere in 100 KB, ${name}'s time to scrip's`, whole / median, "ratio");
  }
}

const text = mixed(1_000_000);
const libraries = [];
for (const load of [ours, ...others]) {
  const library = await load();
  libraries.push(library);
  figure(`vocabulary read, ${library.name}`, library.loaded, "ms");
}
// The very first count of each, and what they say: all must agree.
const first = new Map(libraries.map(({ name, count }) => [name, time(() => count(text))]));
report("first 1 MB", first, "ms", "≤ 100", (value) => value <= 100);
const counts = libraries.map(({ name, count }) => `${name} ${count(text)}`);
console.error(`counts of the same text: ${counts.join(", ")}`);
const size = Buffer.byteLength(text) / 1e6;
report("1 MB again", best(libraries, text, 8), "MB/s", "≥ 17", (value) => value >= 17, (ms) => (size / ms) * 1_000);
typing(libraries, mixed(KB));
const hardy = libraries.filter(({ name }) => name !== "js-tiktoken");
for (const [what, input] of Object.entries(AWKWARD)) {
  report(`100 KB of ${what}`, best(hardy, input, 5), "ms", "≤ 10", (value) => value <= 10);
}
