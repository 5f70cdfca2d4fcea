/** A vocabulary's bytes, where a bundler makes a module of such a file; an edge runtime's does. `Tokenizer.load` takes them. */
declare const bytes: ArrayBuffer;
export default bytes;
