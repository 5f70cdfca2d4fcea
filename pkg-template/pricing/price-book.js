import { ScripError } from "../error.js";
import { answered, json, loaded, moment, text } from "./load.js";
import { Preview } from "./preview.js";
import { apart, counted } from "./tokens.js";

let builtin;

export class PriceBook {
  #book;

  constructor(json) {
    this.#book = new (loaded().Book)();
    answered(this.#book.load(json));
  }

  static builtin() {
    loaded();
    return (builtin ??= new PriceBook());
  }

  static parse(book) {
    return new PriceBook(typeof book === "string" ? book : json(book ?? null, "price_book_invalid"));
  }

  #ask(call, at, args) {
    return JSON.parse(answered(this.#book.ask(call, json(args), moment(at))) || "null");
  }

  /** The same for what has options, and texts whose tokens may have been counted. */
  #price(call, options, args, usages = []) {
    const { options: others, at, tokenizer } = apart(options);
    return this.#ask(call, at, { ...args, options: others, tokens: counted(tokenizer, usages) });
  }

  models(at) {
    return this.#ask("models", at, {});
  }

  model(id, at) {
    return this.#ask("model", at, { model: text(id) }) ?? undefined;
  }

  estimate(model, usage, options) {
    return this.#price("estimate", options, { model: text(model), usage }, [usage]);
  }

  pipeline(steps, options) {
    const usages = Array.isArray(steps) ? steps.map((step) => step?.usage) : [];
    return this.#price("pipeline", options, { steps }, usages);
  }

  benchmark(request, options) {
    return this.#price("benchmark", options, { request }, [request?.per_row]);
  }

  compare(models, usage, options) {
    return this.#price("compare", options, { models, usage }, [usage]);
  }

  afford(credits, model, options) {
    return this.#price("afford", options, { credits: text(credits), model: text(model) });
  }

  preview(model, options) {
    return new Preview(this.#book, text(model), options);
  }

  toJSON() {
    return this.#ask("toJSON", 0, {});
  }
}

/** Loads the book that a Scrip server charges by: `fetchPriceBook("https://HOST/v1/price-book")`. */
export async function fetchPriceBook(url) {
  loaded();
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw unavailable(url, error.message);
  }
  if (!response.ok) throw unavailable(url, `HTTP ${response.status}`);
  return PriceBook.parse(await response.text());
}

const unavailable = (url, why) => new ScripError("price_book_invalid", `the price book at ${url} cannot be loaded: ${why}`, "");
