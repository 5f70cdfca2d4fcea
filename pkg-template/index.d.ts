/**
 * `@scrip/embed`: what AI work costs, exactly, before and after it is done. ESM only; works in browsers, Node >= 20, Deno, Bun and
 * edge workers, and imports without touching `window`.
 *
 * Objects of this package free their memory by themselves when nothing refers to them any more.
 */

import type { Tokenizer } from "./tokenizer.js";

/** Exact decimal as text; answers are canonical: "0.000012", "41.666666666", no exponent, no sign, no trailing zeros. Never a float. */
export type Decimal = string;

/**
 * Where a number may be given: a {@link Decimal}, or a finite non-negative number taken by its exact shortest decimal. At most 9
 * fractional digits and 15 integer digits; tokens, characters, images, requests and rows are whole.
 */
export type Quantity = Decimal | number;

export type Unit =
  | "input_token" | "cached_input_token" | "cache_write_token" | "output_token"
  | "character" | "second" | "image" | "page" | "request" | "run";

/** Thrown by every function here; whatever it was called on stays usable. */
export class ScripError extends Error {
  constructor(code: ScripErrorCode, message: string, path?: string);
  readonly code: ScripErrorCode;
  /** A JSON Pointer into the faulty argument; empty for the argument as a whole. */
  readonly path?: string;
}

export type ScripErrorCode =
  | "invalid_decimal" | "invalid_quantity" | "overflow" | "invalid_text" | "invalid_edit" | "invalid_options" | "unknown_field"
  | "unknown_model" | "unit_not_priced" | "usage_conflict" | "usage_missing" | "price_not_valid" | "price_book_invalid"
  | "insufficient_credits" | "refund_exceeds_debit" | "invalid_state" | "vocabulary_invalid" | "not_initialised" | "freed";

/**
 * Loads the Wasm module once, however often called; every other export needs it to have resolved (else `not_initialised`). Without a
 * source it is the file beside this one; under Node that is read from disk.
 */
export default function init(source?: URL | RequestInfo | BufferSource | WebAssembly.Module): Promise<void>;

/** `credits` for `per` units: `{unit: "second", credits: "0.024", per: "60"}`. */
export interface Price {
  unit: Unit;
  credits: Decimal;
  per: Decimal;
  /** The smallest quantity that is billed; a line shows what is billed. */
  minimum?: Decimal;
  /**
   * The whole quantity is priced at the last tier it is strictly above. `by`: which quantity is compared; this unit's own unless it
   * says otherwise, `"input_total"` being input, cached and cache-write tokens together.
   */
  tiers?: { above: Decimal; credits: Decimal; by?: Unit | "input_total" }[];
}

export interface Model {
  id: string;
  supplier: string;
  name: string;
  task: "generate" | "translate" | "transcribe" | "speak" | "image" | "embed" | "other";
  prices: Price[];
  tokenizer?: "o200k_base" | "cl100k_base";
  max_output_tokens?: number;
  /** RFC 3339 or a bare date, which is midnight UTC; inclusive. */
  valid_from?: string;
  /** Exclusive. */
  valid_to?: string;
  source?: string;
}

/**
 * What one call uses. Units are disjoint: `input_tokens` has neither the cached nor the cache-write tokens. A unit without a price is
 * `unit_not_priced`, except that cached and cache-write tokens without one are charged as input, which is then said in `assumptions`.
 */
export interface Usage {
  /** Counted as characters (Unicode scalar values) if the model prices characters, else as input tokens. At most 16 Mi UTF-16 units. */
  text?: string;
  input_tokens?: Quantity;
  cached_input_tokens?: Quantity;
  cache_write_tokens?: Quantity;
  output_tokens?: Quantity;
  characters?: Quantity;
  seconds?: Quantity;
  /** 60 seconds each. */
  minutes?: Quantity;
  images?: Quantity;
  /** On a model that prices characters, `characters_per_page` characters each. */
  pages?: Quantity;
  /** Calls, where it was not one. */
  requests?: Quantity;
}

export interface Line {
  model: string;
  supplier: string;
  unit: Unit;
  /** What is billed. */
  quantity: Decimal;
  credits: Decimal;
  per: Decimal;
  /** `quantity × credits / per`, rounded up once to the nano-credit. */
  amount: Decimal;
  /** The price row that was used. */
  valid_from?: string;
  source?: string;
}

export interface Estimate {
  /** The lines and the margin. */
  total: Decimal;
  /** Where the output is not known, with none of it; where a text's tokens are not known, with the fewest. */
  low: Decimal;
  /** With the longest output (the option's `max`, else the model's) and the most tokens; null when nothing bounds it. */
  high: Decimal | null;
  lines: Line[];
  /** The margin as an amount, rounded up once. */
  margin: Decimal;
  /** Every conversion, guess and approximation, in words. */
  assumptions: string[];
  /** Whether no number was converted, guessed or approximated: low = total = high. */
  exact: boolean;
  /** The moment whose prices were used. */
  at: string;
}

export interface EstimateOptions {
  /** The moment whose prices are used; now. */
  at?: Date;
  /** A rate: "0.20" is 20 % on top; "0". */
  margin?: Decimal;
  /** Used where the usage has no `output_tokens`. */
  output_tokens?: { expected: Quantity; max?: Quantity };
  /** Counts the tokens of texts exactly. For a model whose tokens another encoding counts it is `invalid_options`. */
  tokenizer?: Tokenizer;
  conversions?: Conversions;
}

export interface PipelineStep {
  model: string;
  /** What the step works on; without it, what the step before gives. */
  usage?: Usage;
  /** How long this step's answer will be; else what the options say. */
  output_tokens?: { expected: Quantity; max?: Quantity };
}

/** The whole, with the margin once on the sum; the steps carry "0". */
export interface PipelineEstimate extends Estimate {
  steps: Estimate[];
}

export interface BenchmarkRequest {
  models: string[];
  rows: Quantity;
  per_row: Usage;
}

/** One line per model and unit: rows × per_row, rounded once. */
export interface BenchmarkEstimate extends Estimate {
  /** Before the margin. */
  by_model: { model: string; total: Decimal }[];
}

/** What an amount of credits buys in one unit alone. */
export interface Affordance {
  model: string;
  unit: Unit;
  /** The largest quantity whose cost fits, best over tiers: whole, but for seconds, which keep 9 decimals. */
  quantity: Decimal;
  /** The same for people, cut to 9 decimals; null for requests and runs. */
  human: { unit: "page" | "minute" | "token" | "image"; quantity: Decimal } | null;
}

/** One model of a comparison: what it costs, or why that cannot be said. */
export interface Comparison {
  model: string;
  estimate?: Estimate;
  error?: { code: ScripErrorCode; message: string };
}

/** Rates between units; those that were used are stated in `assumptions`. */
export interface Conversions {
  /** 2000 */
  characters_per_page?: Quantity;
  /** 4 */
  characters_per_token?: Quantity;
  /** 900, speech both ways */
  characters_per_minute?: Quantity;
  /** 1 */
  translation_expansion?: Quantity;
}

/** A catalogue of models and their suppliers' prices. */
export class PriceBook {
  private constructor();
  /** The book that comes with this package. */
  static builtin(): PriceBook;
  /** A book as JSON text or plain object; `price_book_invalid` with its `path`, nothing half-loaded. */
  static parse(json: string | object): PriceBook;
  /** The rows valid then; now. */
  models(at?: Date): Model[];
  /** The row of one model valid then; now. */
  model(id: string, at?: Date): Model | undefined;
  /** What one call costs. */
  estimate(model: string, usage: Usage, options?: EstimateOptions): Estimate;
  /**
   * What several steps cost that feed each other: what is transcribed becomes characters by `characters_per_minute`, a translation is
   * `translation_expansion` times as long, a generated answer is as long as expected, speech takes as many seconds as it has
   * characters. A first step without usage, or one after a step whose output is not known, is `usage_missing`.
   */
  pipeline(steps: PipelineStep[], options?: EstimateOptions): PipelineEstimate;
  /** What it costs to run every model over every row. */
  benchmark(request: BenchmarkRequest, options?: EstimateOptions): BenchmarkEstimate;
  /** What the same call costs with each of several models, in one call across the boundary. */
  compare(models: string[], usage: Usage, options?: EstimateOptions): Comparison[];
  /** What an amount buys of each unit that a model prices, each alone. What is free without end is left out. */
  afford(credits: Decimal, model: string, options?: { at?: Date; conversions?: Conversions }): Affordance[];
  /**
   * What a text costs while it is edited: each edit recomputes what it touches. Counts the same unit as `text` in a usage; without a
   * tokenizer of the model token counts are approximate, and the estimate says so.
   */
  preview(model: string, options?: EstimateOptions): Preview;
  toJSON(): object;
}

/** A text that is being edited, and what it costs. Positions are UTF-16 code units, as input events give them. */
export class Preview {
  private constructor();
  /** Replaces the whole text. Halves of surrogate pairs as in `edit`. */
  setText(text: string): Estimate;
  /**
   * Replaces the code units from `start` to before `end` by `inserted`. Half a surrogate pair counts as U+FFFD and makes the estimate
   * inexact until an edit brings the other half. A range that is not in the text is `invalid_edit` and changes nothing.
   */
  edit(start: number, end: number, inserted: string): Estimate;
  estimate(): Estimate;
  /** Characters where the model prices these, else tokens. */
  count(): number;
  /** Gives the memory back now; garbage collection does it anyway. Harmless twice; any other call afterwards is `freed`. */
  free(): void;
}

/** Loads the book that a Scrip server charges by: its `GET /v1/price-book`. */
export function fetchPriceBook(url: string | URL): Promise<PriceBook>;

/**
 * Rolling allowance: each spent amount is available again `windowSeconds` after it was spent. Times are a Date or whole milliseconds
 * since 1970; a time before the last change counts as the last change; reading changes nothing.
 */
export class Allowance {
  /** `windowSeconds`: 2592000 (30 days) unless given; null: nothing ever returns. */
  constructor(options: { capacity: Decimal; windowSeconds?: number | null });
  /** Never below "0". */
  available(at: Date | number): Decimal;
  /** The time it counts as. `insufficient_credits` leaves everything as it was; "0" changes nothing. */
  spend(amount: Decimal, at: Date | number): Date;
  /**
   * Gives back part of what was spent at `spentAt`, the Date that `spend` returned. Returns what was released now: "0" when it had
   * already returned. More than is left of what was spent there is `refund_exceeds_debit`.
   */
  refund(amount: Decimal, spentAt: Date | number, at: Date | number): Decimal;
  setCapacity(capacity: Decimal, at: Date | number): void;
  /** What comes back strictly after `at`, in order, equal times merged. */
  returns(at: Date | number): { at: Date; amount: Decimal }[];
  toJSON(): object;
  /** Reads what `toJSON` gave; `invalid_state` when it is damaged. */
  static fromJSON(json: object): Allowance;
}

/**
 * An amount for people: the number as Intl writes it with 2 to 9 decimals, so that a small amount never reads as 0, and the word in
 * the locale's language (en, de, fr, es, pt, zh, ja, ar; else en). It alone accepts a leading "-".
 */
export function formatCredits(amount: Decimal, locale?: string): string;
