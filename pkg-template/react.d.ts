/**
 * The elements of `@scrip/embed/widget` as components of React 18 and newer. Importing this in a server-side render is harmless: the
 * elements come to life in the browser.
 */
import type { ForwardRefExoticComponent, HTMLAttributes, RefAttributes } from "react";
import type {
  CalculatorMode, ScripCalculator as CalculatorElement, ScripCalculatorEventDetails, ScripPickaxe as PickaxeElement, ScripPickaxeEventDetails,
} from "./widget.js";

type Handlers<Details, Names extends { [Property in keyof Names]: keyof Details }> = {
  [Property in keyof Names]?: (event: CustomEvent<Details[Names[Property]]>) => void;
};

type PickaxeHandlers = Handlers<ScripPickaxeEventDetails, {
  onReady: "scrip-ready";
  /** `event.preventDefault()` starts nothing and counts nothing. */
  onSubmit: "scrip-submit";
  onRun: "scrip-run";
  onDelta: "scrip-delta";
  onDone: "scrip-done";
  onCapped: "scrip-capped";
  onError: "scrip-error";
}>;

export interface ScripPickaxeProps extends Omit<HTMLAttributes<PickaxeElement>, keyof PickaxeHandlers>, PickaxeHandlers {
  /** The embed's id, `emb_…`. */
  embed: string;
  /** The Scrip server; the one that the widget was loaded from unless given. */
  endpoint?: string;
  theme?: "auto" | "light" | "dark";
  visitorToken?: string;
  run?: "server" | "page";
}

export interface ScripCalculatorProps extends HTMLAttributes<CalculatorElement> {
  /** Ids of the price book; the book's first four unless given. */
  models?: string | readonly string[];
  /** The pipeline's steps at first. */
  pipeline?: string | readonly string[];
  /** Which ways to calculate are offered, the first being shown; all four unless given. */
  modes?: CalculatorMode | readonly CalculatorMode[];
  /** A price book's URL; the built-in one unless given. */
  book?: string;
  /** For "What credits buy": a decimal. */
  credits?: string;
  /** A rate on top of each cost: "0.20" is 20 %. */
  margin?: string;
  /** The text at first. */
  text?: string;
  theme?: "auto" | "light" | "dark";
  onEstimate?: (event: CustomEvent<ScripCalculatorEventDetails["scrip-estimate"]>) => void;
}

export const ScripPickaxe: ForwardRefExoticComponent<ScripPickaxeProps & RefAttributes<PickaxeElement>>;
export const ScripCalculator: ForwardRefExoticComponent<ScripCalculatorProps & RefAttributes<CalculatorElement>>;
