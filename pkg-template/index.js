// The package's entry: names and types around the Rust module. What is a rule is in Rust.
import * as glue from "./scrip_bg.js";
import { load } from "./pricing/load.js";
import { startWith } from "./pricing/start.js";

export { ScripError } from "./error.js";
export { PriceBook, fetchPriceBook } from "./pricing/price-book.js";
export { Preview } from "./pricing/preview.js";
export { Allowance } from "./pricing/allowance.js";
export { formatCredits } from "./pricing/format.js";

export default function init(source) {
  return load(() => startWith(glue, source, () => import("./scrip_wasm2js.js")));
}
