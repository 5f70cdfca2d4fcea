/**
 * Exact token counts in the browser, in Node and on the edge. The data (0.7 MB for o200k_base, 0.3 MB for cl100k_base over the wire) is
 * fetched when `Tokenizer.load` asks for it.
 */
export class Tokenizer {
  private constructor();
  /**
   * `source`: where the package's vocabulary file lies, or its bytes; without it the file beside this module. What is no vocabulary of
   * that encoding, or cannot be had, is a `ScripError` with the code `vocabulary_invalid`.
   */
  static load(encoding: "o200k_base" | "cl100k_base", source?: URL | BufferSource): Promise<Tokenizer>;
  readonly encoding: "o200k_base" | "cl100k_base";
  /** Special tokens count as plain text; half a surrogate pair counts as U+FFFD. */
  count(text: string): number;
}

/**
 * Loads the tokenizer's Wasm module, once. `Tokenizer.load` does that by itself; call it first where the module must be given, as bytes, a
 * compiled module or an address.
 */
export function start(source?: URL | RequestInfo | BufferSource | WebAssembly.Module): Promise<unknown>;
