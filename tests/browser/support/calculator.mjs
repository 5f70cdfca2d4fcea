// A page with calculators on it, out of the packed package, under the strictest policy that Wasm can live with.
import { pathToFileURL } from "node:url";

import { startSite } from "./site.mjs";

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; connect-src 'self'; " +
  "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export const GOLDEN = "azure/translate aws/transcribe openai/gpt-4 google/text-to-speech";

/** Serves the package; `pages` as `startSite` has them. */
export function startPackageSite(pages = {}) {
  return startSite(pages, pathToFileURL(`${process.env.SCRIP_PACKAGE}/`), { "content-security-policy": POLICY });
}

/** A page with these calculators, which notes every estimate and every violation of its policy. */
export function calculatorPage(...calculators) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Prices</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css">
<script src="/page.js"></script><script type="module" src="/widget.js"></script></head>
<body><main><h1>Prices</h1>${calculators.join("")}</main></body></html>`;
}

export const PAGE = {
  "/page.css": "",
  "/page.js": `window.estimates = []; window.violations = []; window.tasks = [];
document.addEventListener("scrip-estimate", (event) => window.estimates.push(event.detail));
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });`,
};

export const calculator = (page, index = 0) => page.locator("scrip-calculator").nth(index);

export const tab = (page, name) => page.getByRole("tab", { name });

/** The costs on the page, in order: `[["Azure Translation", "0.48 credits"], …]`. */
export const costs = (page) =>
  page.locator('[part~="cost"]').evaluateAll((rows) =>
    rows.map((row) => [row.querySelector(".name").textContent, row.querySelector('[part~="amount"]').textContent]));
