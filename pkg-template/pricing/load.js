import { ScripError, scripError } from "./error.js";

let loading;
let rust;

/** Loads the Wasm module once, however often called; a load that failed may be tried again. */
export function load(glue, source) {
  loading ??= start(glue, source).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start(glue, source) {
  await glue.default({ module_or_path: typeof source === "function" ? await source() : source });
  rust = glue;
}

/** Makes one call into Rust. */
export function call(work) {
  if (!rust) throw new ScripError("not_initialised", "await init() before anything else of this package");
  try {
    return work(rust);
  } catch (fault) {
    throw scripError(fault);
  }
}

/** A time in milliseconds; NaN, which Rust refuses, for what is none. */
export const millis = (at) => (typeof at === "number" ? at : typeof at?.getTime === "function" ? at.getTime() : NaN);

/** A text argument; the empty text, which Rust refuses, for anything else. */
export const text = (value) => (typeof value === "string" ? value : "");
