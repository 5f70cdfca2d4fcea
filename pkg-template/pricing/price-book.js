import { ScripError, scripError } from "./error.js";
import { call, millis, text } from "./load.js";

let builtin;

export class PriceBook {
  #book;

  constructor(book) {
    this.#book = book;
  }

  static builtin() {
    return call((rust) => (builtin ??= new PriceBook(rust.Book.builtin())));
  }

  static parse(json) {
    return call((rust) => new PriceBook(rust.Book.parse(typeof json === "string" ? parsed(json) : json)));
  }

  models(at) {
    return call(() => this.#book.models(now(at)));
  }

  model(id, at) {
    return call(() => this.#book.model(text(id), now(at)));
  }

  estimate(model, usage, options) {
    return answer(() => this.#book.estimate(text(model), usage, ...split(options)));
  }

  pipeline(steps, options) {
    return answer(() => this.#book.pipeline(steps, ...split(options)));
  }

  benchmark(request, options) {
    return answer(() => this.#book.benchmark(request, ...split(options)));
  }

  compare(models, usage, options) {
    return answer(() => this.#book.compare(models, usage, ...split(options)));
  }

  afford(credits, model, options) {
    return answer(() => this.#book.afford(text(credits), text(model), ...split(options)));
  }

  toJSON() {
    return call(() => this.#book.toJSON());
  }
}

/** Rust answers in JSON: one text crosses faster than a hundred objects. */
const answer = (work) => JSON.parse(call(work));

/** Loads the book that a Scrip server charges by: `fetchPriceBook("https://HOST/v1/price-book")`. */
export async function fetchPriceBook(url) {
  const loading = call((rust) => rust.fetchBook(String(url)));
  try {
    return new PriceBook(await loading);
  } catch (fault) {
    throw scripError(fault);
  }
}

const now = (at) => (at === undefined ? Date.now() : millis(at));

/** Options apart from their time, and the time. */
const split = (options = {}) =>
  options && typeof options === "object" ? [{ ...options, at: undefined }, now(options.at)] : [options, 0];

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ScripError("price_book_invalid", `the book is not JSON: ${error.message}`, "");
  }
}
