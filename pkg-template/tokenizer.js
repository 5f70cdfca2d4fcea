// Exact token counts: a module of its own, and its data fetched only when somebody asks for it.
import * as glue from "./tokenizer_bg.js";
import { ScripError, scripError } from "./error.js";
import { startWith } from "./pricing/start.js";
import { EDITED } from "./pricing/tokens.js";

/** Written out, so that bundlers find the files. */
const FILES = {
  o200k_base: () => new URL("./o200k_base.bin", import.meta.url),
  cl100k_base: () => new URL("./cl100k_base.bin", import.meta.url),
};

/** Nobody else has it. */
const OURS = Symbol();

let starting;
const loaded = new Map();

/** Loads the Wasm module; `load` does it by itself, but for places where the module has to be given. */
export function start(source) {
  return once(
    () => starting,
    (promise) => (starting = promise),
    () => startWith(glue, source, () => import("./tokenizer_wasm2js.js")),
  );
}

export class Tokenizer {
  #counts;

  constructor(counts, ours, encoding) {
    if (ours !== OURS) throw new TypeError("a Tokenizer is made by Tokenizer.load");
    this.#counts = counts;
    this.encoding = encoding;
  }

  static async load(encoding, source) {
    if (!Object.hasOwn(FILES, encoding))
      throw new ScripError("invalid_options", `expected "o200k_base" or "cl100k_base", not ${String(encoding)}`, "");
    if (source !== undefined) return read(encoding, source);
    return once(
      () => loaded.get(encoding),
      (promise) => loaded.set(encoding, promise),
      () => read(encoding, FILES[encoding]()),
    );
  }

  count(text) {
    if (typeof text !== "string") throw new ScripError("invalid_text", "expected text", "");
    return this.#counts.count(text);
  }

  [EDITED]() {
    return this.#counts.text();
  }
}

async function read(encoding, source) {
  const [bytes, module] = await Promise.all([vocabulary(source), start()]);
  let counts;
  try {
    counts = new module.Counts(bytes);
  } catch (fault) {
    throw scripError(fault);
  }
  if (counts.encoding() !== encoding) throw invalid(`this is the vocabulary of ${counts.encoding()}, not of ${encoding}`);
  return new Tokenizer(counts, OURS, encoding);
}

async function vocabulary(source) {
  const isBytes = source instanceof ArrayBuffer || ArrayBuffer.isView(source);
  if (!isBytes && !(source instanceof URL)) throw new ScripError("invalid_options", "expected a URL or bytes", "");
  try {
    return await glue.bytes(source);
  } catch (error) {
    throw invalid(`the vocabulary at ${source} cannot be loaded: ${error.message}`);
  }
}

const invalid = (message) => new ScripError("vocabulary_invalid", message, "");

/** What is being loaded is loaded once; a load that failed may be tried again. */
function once(get, set, work) {
  const running = get();
  if (running) return running;
  const promise = work();
  set(promise);
  promise.catch(() => set(undefined));
  return promise;
}
