// A text's cost while it is typed: one Preview for each model, told only what an edit touched.
import { ScripError } from "./index.js";

/** As long as one frame may count; what is left goes on in the next. */
const FRAME_MILLISECONDS = 8;

/** The one replacement that turns `was` into `now`: where it starts, where it ends, what it puts in. */
export const difference = (was, now) => {
  const shorter = Math.min(was.length, now.length);
  let start = 0;
  while (start < shorter && was.charCodeAt(start) === now.charCodeAt(start)) start++;
  let end = 0;
  while (end < shorter - start && was.charCodeAt(was.length - 1 - end) === now.charCodeAt(now.length - 1 - end)) end++;
  return [start, was.length - end, now.slice(start, now.length - end)];
};

export class Counts {
  #counted = new Map();
  #last = {};

  /**
   * What the text costs with each model. `options(model)` gives `{key, value}`: another key asks for a new preview. `pending` says
   * that some are still those of an earlier text.
   */
  update(book, models, text, options) {
    const deadline = performance.now() + FRAME_MILLISECONDS;
    let pending = false;
    for (const id of this.#counted.keys()) if (!models.includes(id)) this.#drop(id);
    const results = models.map((model) => {
      const { key, value } = options(model);
      let one = this.#counted.get(model);
      const done = one && one.book === book && one.key === key && one.text === text;
      if (!done && performance.now() > deadline) pending = true;
      else if (!done) one = this.#count(book, model, text, key, value);
      return { model, ...one?.result, count: one?.tally };
    });
    return { results, pending };
  }

  #count(book, model, text, key, value) {
    let one = this.#counted.get(model);
    try {
      if (one?.book !== book || one.key !== key || !one.preview) {
        one?.preview?.free();
        one = { book, key, preview: undefined, text: undefined };
        this.#counted.set(model, one);
        one.preview = book.preview(model, value);
      }
      const estimate = one.text === undefined ? one.preview.setText(text) : one.preview.edit(...this.#difference(one.text, text));
      Object.assign(one, { text, tally: one.preview.count(), result: { estimate } });
    } catch (error) {
      // One that failed starts anew with the next text.
      one.preview?.free();
      this.#counted.set(model, { book, key, text, result: { error } });
      if (!(error instanceof ScripError)) throw error;
    }
    return this.#counted.get(model);
  }

  // All models were told the same texts, mostly.
  #difference(was, now) {
    if (this.#last.was !== was || this.#last.now !== now) this.#last = { was, now, edit: difference(was, now) };
    return this.#last.edit;
  }

  #drop(id) {
    this.#counted.get(id).preview?.free();
    this.#counted.delete(id);
  }
}
