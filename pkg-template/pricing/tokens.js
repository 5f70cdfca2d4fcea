import { ScripError } from "../error.js";

/** How a tokenizer of `@scrip/embed/tokenizer`, which is a module of its own, gives a text that is being edited. */
export const EDITED = Symbol.for("@scrip/embed: edited text");

/** Options apart from their time and tokenizer. */
export function apart(options = {}) {
  if (options === null || typeof options !== "object") return { options };
  const { at, tokenizer, ...others } = options;
  if (tokenizer !== undefined && typeof tokenizer?.[EDITED] !== "function")
    throw new ScripError("invalid_options", "expected a Tokenizer of @scrip/embed/tokenizer", "/tokenizer");
  return { options: others, at, tokenizer };
}

/** What Rust is told of the texts in these usages: their tokens, counted by the tokenizer if there is one. */
export const counted = (tokenizer, usages) =>
  tokenizer && {
    encoding: tokenizer.encoding,
    counts: usages.map((usage) => (typeof usage?.text === "string" ? tokenizer.count(usage.text) : null)),
  };
