// Cloudflare's runtime compiles no Wasm while it runs: there the module is an import, which its bundler keeps as one.
import wasm from "./scrip_bg.wasm";
import load from "./index.js";

export * from "./index.js";

export default function init(source = wasm) {
  return load(source);
}
