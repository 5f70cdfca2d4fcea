// Registers <scrip-pickaxe> and <scrip-calculator>. In a server-side render, where there are no elements, it does nothing.
import { ScripCalculator } from "./calculator/stub.js";
import { ScripPickaxe } from "./widget/element.js";

// A second copy of this script on a page leaves the first one's elements as they are.
for (const [name, element] of [["scrip-pickaxe", ScripPickaxe], ["scrip-calculator", ScripCalculator]])
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, element);

export { ScripCalculator, ScripPickaxe };
