// Registers <scrip-pickaxe>. In a server-side render, where there are no elements, it does nothing.
import { ScripPickaxe } from "./widget/element.js";

// A second copy of this script on a page leaves the first one's element as it is.
if (globalThis.customElements && !customElements.get("scrip-pickaxe"))
  customElements.define("scrip-pickaxe", ScripPickaxe);

export { ScripPickaxe };
