// Draws and forwards: what the form holds goes to the page's Rust, what comes back is shown.
import init, { Quote } from "./pkg/scrip_example_rust_page.js";

const form = document.querySelector("form");
const [total, detail, fault] = ["output", "#detail", "#fault"].map((selector) => document.querySelector(selector));
const book = new URLSearchParams(location.search).get("book") ?? "../../src/price_book/builtin.json";

/** Runs `work`; what it throws is shown where its path points. */
async function attempt(work) {
  fault.textContent = "";
  for (const field of form.elements) field.removeAttribute("aria-invalid");
  try {
    await work();
  } catch (error) {
    if (!error.code) throw error;
    total.textContent = "–";
    detail.textContent = "";
    fault.textContent = `${error.code}: ${error.message}`;
    form.elements[error.path.slice(1)]?.setAttribute("aria-invalid", "true");
  }
}

function show(quotes) {
  // A field that is left empty is not asked for.
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  const { dollars, low, high, exact, lines } = quotes.quote(Object.fromEntries(filled));
  total.textContent = `$${dollars}`;
  const items = lines.map(({ quantity, unit, amount }) => `${amount} for ${unit} × ${quantity}`);
  const range = exact ? "exact" : `at least ${low}, at most ${high ?? "unknown"}`;
  detail.textContent = `Credits: ${items.join(" + ")}; ${range}`;
}

await init();
await attempt(async () => {
  const quotes = await Quote.load(book);
  form.addEventListener("input", () => attempt(() => show(quotes)));
  form.addEventListener("submit", (event) => event.preventDefault());
  show(quotes);
});
