import { ScripError } from "./error.js";

let loading;
let rust;

/** Loads the Wasm module once, however often called; a load that failed may be tried again. */
export function load(start) {
  loading ??= start().then(
    (started) => void (rust = started),
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** The module, once `init` has resolved. */
export function loaded() {
  if (!rust) throw new ScripError("not_initialised", "await init() before anything else of this package");
  return rust;
}

/** An answer of Rust, which is text: a fault begins with "!" and has the code, the path ("-": none) and the message, a line each. */
export function answered(text) {
  if (!text.startsWith("!")) return text;
  const [code, path, ...message] = text.slice(1).split("\n");
  throw new ScripError(code, message.join("\n"), path === "-" ? undefined : path);
}

/** Arguments as JSON. What JSON does not have becomes null or falls away, and Rust refuses it where it stands. */
export function json(args) {
  try {
    return JSON.stringify(args);
  } catch {}
  try {
    return JSON.stringify(args, (_, value) => (typeof value === "bigint" ? null : value));
  } catch (error) {
    throw new ScripError("invalid_options", `expected what JSON can say: ${error.message}`, "");
  }
}

/** A time in milliseconds; NaN, which Rust refuses, for what is none. */
export const millis = (at) => (typeof at === "number" ? at : typeof at?.getTime === "function" ? at.getTime() : NaN);

/** The same, now unless it is given. */
export const moment = (at) => (at === undefined ? Date.now() : millis(at));

/** A text argument; the empty text, which Rust refuses, for anything else. */
export const text = (value) => (typeof value === "string" ? value : "");
