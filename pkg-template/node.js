// Under Node the module lies beside this file, where `fetch` cannot reach it.
import { readFile } from "node:fs/promises";
import load from "./index.js";

export * from "./index.js";

const isFile = (source) => source instanceof URL && source.protocol === "file:";

export default function init(source = new URL("./scrip_bg.wasm", import.meta.url)) {
  return load(isFile(source) ? () => readFile(source) : source);
}
