import { ScripError } from "../error.js";

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

/** Arguments as JSON. What JSON does not have becomes `false`, which no member takes: Rust refuses it where it stands. */
export function json(args, code = "invalid_options") {
  try {
    return JSON.stringify(args, sayable);
  } catch (error) {
    throw new ScripError(code, `expected what JSON can say: ${error.message}`, "");
  }
}

const UNSAYABLE = ["bigint", "function", "symbol"];
const sayable = (_, value) => !UNSAYABLE.includes(typeof value) && (typeof value !== "number" || isFinite(value)) && value;

/** A time in milliseconds; NaN, which Rust refuses, for what is none. */
export const millis = (at) => (typeof at === "number" ? at : typeof at?.getTime === "function" ? at.getTime() : NaN);

/** The same, now unless it is given. */
export const moment = (at) => (at === undefined ? Date.now() : millis(at));

/** A text argument; the empty text, which Rust refuses, for anything else. */
export const text = (value) => (typeof value === "string" ? value : "");
