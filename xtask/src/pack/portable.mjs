// Puts what wasm2js made of a module and its glue together into one script: the same exports, for places that compile no Wasm, or that
// cannot reach its file.
import { readFile, writeFile } from "node:fs/promises";

const [glueFile, scriptFile, to] = process.argv.slice(-3);
const [glue, script] = await Promise.all([readFile(glueFile, "utf8"), readFile(scriptFile, "utf8")]);

function cut(text, from, until, instead) {
  const start = text.indexOf(from);
  const end = text.indexOf(until, start);
  if (start < 0 || end < 0) throw new Error(`${from} … ${until} is not there`);
  return text.slice(0, start) + instead + text.slice(end);
}

// wasm2js instantiates at once; here that waits for `start`.
const body = script.replace(/^import .*$/m, "").replace(/^var retasmFunc = [\s\S]*$/m, "");
if (body.length === script.length) throw new Error("wasm2js wrote something else than before");
// A memory that grows is another buffer here, and the old one is not detached as WebAssembly's is.
const views = glue.replace(/(cached\w+Memory0)\.byteLength === 0/g, "$1.buffer !== wasm.memory.buffer");
const started = cut(views, "function __wbg_finalize_init", "\n}", "function __wbg_finalize_init(exports) {\n    wasm = exports;");
const own = cut(started, "async function __wbg_load", "export {", "").replace(/^export \{.*$/m, "");
await writeFile(
  to,
  `${body}
${own}
export default function start() {
  wasm ??= asmFunc(__wbg_get_imports());
}
`,
);
