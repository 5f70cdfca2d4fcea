/** Registers `<scrip-pickaxe>` and `<scrip-calculator>`. Importing it twice, or in a server-side render, is harmless. */

import type { Estimate } from "./index.js";

/** What the widget is doing. */
export type PickaxeState = "loading" | "ready" | "running" | "done" | "capped" | "failed";

/** What was typed, by the fields' names. */
export type PickaxeFields = Record<string, string | boolean>;

/** An AI tool in a page: `<scrip-pickaxe embed="emb_…" endpoint="https://…">`. */
export class ScripPickaxe extends HTMLElement {
  /** What was typed; may be set, also while a run is on its way. */
  fields: PickaxeFields;
  /** Runs the visitor has left; `null`: unlimited, or not known yet. */
  readonly remaining: number | null;
  /** When the next run comes back (RFC 3339); `null`: none is out, or none returns. */
  readonly resetsAt: string | null;
  readonly state: PickaxeState;
  /** As the button: checks the form and the cap, then runs. Before the rules have arrived it waits for them. */
  submit(): void;
  /** Ends the run on its way. */
  stop(): void;
  /** Empties the form and takes the answer away; not while it is coming. */
  reset(): void;
  /** With `run="page"`: the site's own answer to the run that `scrip-run` announced. */
  answer(textOrStream: string | ReadableStream<string>): void;
}

/** A debit as `POST /v1/debits` answers it. */
export interface ScripDebit {
  id: string;
  kind: string;
  amount: string;
  created_at: string;
  [member: string]: unknown;
}

/** What each event carries in `detail`. All of them bubble and are composed. */
export interface ScripPickaxeEventDetails {
  "scrip-ready": { embed: string };
  /** Cancelable: `preventDefault()` starts nothing and counts nothing. */
  "scrip-submit": { fields: PickaxeFields };
  /** With `run="page"`: the debit stands, the page answers with `answer(…)`. */
  "scrip-run": { fields: PickaxeFields; debit: ScripDebit };
  "scrip-delta": { text: string };
  "scrip-done": {
    id: string;
    output: string;
    charge: string;
    usage?: { input_tokens: string; output_tokens: string };
    duration_ms?: number;
    remaining?: number | null;
    resets_at?: string | null;
    stopped?: boolean;
    output_expired?: boolean;
    debit?: ScripDebit;
  };
  "scrip-capped": { cap: number | null; remaining: number | null; resets_at: string | null; message: string };
  /** `code` is stable; `message` is what the visitor reads. */
  "scrip-error": { code: string; message: string; charge?: string; [member: string]: unknown };
}

/** A way to calculate: several models side by side, steps in a row, models over a data set, what an amount buys. */
export type CalculatorMode = "compare" | "pipeline" | "benchmark" | "afford";

/**
 * A calculator in a page: `<scrip-calculator models="openai/gpt-4 azure/translate" credits="1" book="/price-book.json">`. Its attributes,
 * all optional: `models` and `pipeline` (ids of the book), `modes` (those offered, the first shown), `book` (a URL; else the built-in
 * book), `credits`, `margin` (a rate), `text`, `theme`, `lang`. Its parts are loaded when the first one stands in a page.
 */
export class ScripCalculator extends HTMLElement {}

/** What each event carries in `detail`. It bubbles and is composed. */
export interface ScripCalculatorEventDetails {
  /** After each change, at most once a frame: the pipeline's or the benchmark's estimate; when comparing, one event for each model. */
  "scrip-estimate": Estimate;
}

/** What an element, or the document that it bubbles to, can be listened for. */
interface ScripEvents {
  "scrip-ready": CustomEvent<ScripPickaxeEventDetails["scrip-ready"]>;
  "scrip-submit": CustomEvent<ScripPickaxeEventDetails["scrip-submit"]>;
  "scrip-run": CustomEvent<ScripPickaxeEventDetails["scrip-run"]>;
  "scrip-delta": CustomEvent<ScripPickaxeEventDetails["scrip-delta"]>;
  "scrip-done": CustomEvent<ScripPickaxeEventDetails["scrip-done"]>;
  "scrip-capped": CustomEvent<ScripPickaxeEventDetails["scrip-capped"]>;
  "scrip-error": CustomEvent<ScripPickaxeEventDetails["scrip-error"]>;
  "scrip-estimate": CustomEvent<ScripCalculatorEventDetails["scrip-estimate"]>;
}

declare global {
  interface HTMLElementTagNameMap {
    "scrip-pickaxe": ScripPickaxe;
    "scrip-calculator": ScripCalculator;
  }
  interface HTMLElementEventMap extends ScripEvents {}
  interface DocumentEventMap extends ScripEvents {}
}
