// Cloudflare's runtime compiles no Wasm while it runs: there the module is an import, which its bundler keeps as one.
import wasm from "./tokenizer_bg.wasm";
import { start } from "./tokenizer.js";

start(wasm);

export * from "./tokenizer.js";
