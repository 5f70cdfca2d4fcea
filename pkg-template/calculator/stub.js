// All that a page with a pickaxe loads of the calculator: its parts come when the first one stands in a page, and get the style
// that is here already.
import { dress } from "../shared/style.js";

const refresh = (element) =>
  element.isConnected &&
  import("./calculator.js").then((parts) => parts.refresh(element, dress), (error) => console.error("scrip:", error));

export class ScripCalculator extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ["models", "pipeline", "modes", "book", "credits", "margin", "text", "lang"];
  connectedCallback() {
    refresh(this);
  }
  attributeChangedCallback() {
    refresh(this);
  }
}
