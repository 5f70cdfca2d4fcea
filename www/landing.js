// The landing page: its snippets name this server, and its receipt is priced by the book that this server charges by.
import init, { fetchPriceBook } from "/pkg/__SCRIP_VERSION__/index.js";

for (const place of document.querySelectorAll("[data-origin]")) place.textContent = location.origin;

// Where a page may not write to the clipboard there is no button.
for (const code of navigator.clipboard ? document.querySelectorAll("pre > code") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  const [text, snippet] = [code.parentElement, document.createElement("div")];
  snippet.className = "snippet";
  text.replaceWith(snippet);
  snippet.append(text, button);
}

const CONFERENCE = [
  { model: "aws/transcribe", usage: { minutes: "60" } },
  { model: "azure/translate" },
  { model: "google/text-to-speech" },
];

async function price() {
  await init();
  const book = await fetchPriceBook(new URL("/v1/price-book", location.href));
  const { lines, total } = book.pipeline(CONFERENCE);
  const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 9 });
  const rows = lines.map(({ model, unit, quantity, amount }) => {
    const [row, name, small, cost] = ["tr", "th", "small", "td"].map((tag) => document.createElement(tag));
    name.scope = "row";
    small.textContent = `${numbers.format(quantity)} ${unit}s`;
    name.append(book.model(model).name, small);
    cost.textContent = numbers.format(amount);
    row.append(name, cost);
    return row;
  });
  document.querySelector("[data-receipt]").replaceChildren(...rows);
  document.querySelector("[data-receipt-total]").textContent = numbers.format(total);
}

// A book without these models cannot price the receipt; then it is not shown.
price().catch(() => document.querySelector(".receipt").remove());
