// Every library that counts tokens of o200k_base: its name, how long it took to be ready, a function from a text to its count.
//
//   SCRIP_TARBALL    our packed package
//   TIKTOKEN_CRATE   folder with the crate `tiktoken` as Wasm (tests/bench/tiktoken-crate, by wasm-bindgen --target web)
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { load } from "../../js/support/package.mjs";

export const ENCODING = "o200k_base";
const require = createRequire(import.meta.url);

async function wasm(folder) {
  const name = readdirSync(folder).find((file) => file.endsWith("_bg.wasm")).replace("_bg.wasm", "");
  const glue = await import(pathToFileURL(join(folder, `${name}.js`)));
  glue.initSync({ module: readFileSync(join(folder, `${name}_bg.wasm`)) });
  return glue;
}

const start = (name, begin) => async () => {
  const at = performance.now();
  const made = await begin();
  return { name, loaded: performance.now() - at, ...(typeof made === "function" ? { count: made } : made) };
};

export const ours = start("scrip", async () => {
  const { Tokenizer } = await load("./tokenizer");
  const tokenizer = await Tokenizer.load(ENCODING);
  return { tokenizer, count: (text) => tokenizer.count(text) };
});

export const others = [
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
