// <scrip-calculator> in a real Chromium: what people read, type and hear, under a strict page policy.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { axe, desktop, launch, screenshot, visit } from "./support/browser.mjs";
import { calculator, calculatorPage, costs, GOLDEN, PAGE, startPackageSite, tab } from "./support/calculator.mjs";
import { until } from "./support/until.mjs";

const narrow = { width: 360, height: 780 };
let browser, site, context, page;

before(async () => {
  browser = await launch();
  site = await startPackageSite({ ...PAGE });
});

after(async () => {
  await browser?.close();
  await site?.close();
});

afterEach(async () => {
  assert.deepEqual(page.faults, []);
  assert.deepEqual(await page.evaluate(() => window.violations), []);
  await context.close();
});

async function show(...calculators) {
  site.pages["/"] = calculatorPage(...calculators);
  ({ context, page } = await visit(browser, `${site.url}/`));
  for (const index of calculators.keys()) await calculator(page, index).getByRole("textbox").or(calculator(page, index).getByRole("combobox")).first().waitFor();
}

const total = () => calculator(page).locator('[part~="total"]').innerText();
const fault = () => page.locator('[part~="fault"]').filter({ visible: true });

test("one credit buys the golden quantities", async () => {
  await show(`<scrip-calculator models="${GOLDEN}" credits="1" modes="afford"></scrip-calculator>`);
  await page.getByText("What 1 credit buys").waitFor();
  const rows = await page.locator('[part~="afford-row"]').allInnerTexts();
  const has = (...words) => assert.ok(rows.some((row) => words.every((word) => row.includes(word))), `${words} in ${rows.join(" | ")}`);
  has("Azure Translation", "50 pages", "100,000 characters");
  has("AWS Transcribe", "41.666666666 minutes", "2,500 seconds");
  has("GPT-4", "16,666 tokens");
  has("Google Text-to-Speech", "31.25 pages", "62,500 characters");
  await page.getByRole("textbox", { name: "Credits" }).fill("2.5");
  await page.getByText("What 2.5 credits buy").waitFor();
  assert.match((await page.locator('[part~="afford-row"]').allInnerTexts()).join(), /250,000 characters/);
});

test("models stand side by side, the cheapest first or as chosen, each with its lines", async () => {
  await show(`<scrip-calculator models="google/text-to-speech openai/gpt-4 azure/translate aws/transcribe"></scrip-calculator>`);
  await page.getByRole("radio", { name: "Characters" }).check();
  await page.getByRole("textbox", { name: "Characters" }).fill("100000");
  await until(async () => (await costs(page)).length === 2, "two models priced by characters");
  assert.deepEqual(await costs(page), [["Azure Translation", "1.00 credits"], ["Google Text-to-Speech", "1.60 credits"]]);
  await page.getByText("AWS Transcribe is priced by seconds").waitFor();
  await page.getByLabel("Order").selectOption("As chosen");
  await until(async () => (await costs(page))[0][0] === "Google Text-to-Speech", "the chosen order");
  await page.locator("summary").first().click();
  const lines = await page.locator('[part~="lines"]').innerText();
  for (const words of ["Characters", "100,000", "16 per 1M", "1.6"]) assert.ok(lines.includes(words), lines);
  const widths = await page.locator(".bar").evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
  assert.ok(Math.abs(widths[1] / widths[0] - 1 / 1.6) < 0.02, `a bar is as long as its cost: ${widths}`);
});

test("a cost that is not certain shows its range, and every estimate is an event", async () => {
  await show(`<scrip-calculator models="openai/gpt-4" margin="0.20"></scrip-calculator>`);
  await page.getByRole("radio", { name: "Tokens" }).check();
  await page.getByRole("textbox", { name: "Tokens", exact: true }).fill("1000");
  await page.getByLabel("Expected tokens").fill("500");
  await page.getByLabel("At most").fill("1000");
  await until(async () => (await costs(page))[0]?.[1] === "0.108 credits", "the cost");
  await page.getByText("0.072 to 0.144 credits").waitFor();
  await page.locator("summary").click();
  await page.getByText("Margin of 20%").waitFor();
  await page.getByText("The answer is taken as 500 tokens, at most 1000.").waitFor();
  const last = await page.evaluate(() => window.estimates.at(-1));
  assert.deepEqual([last.total, last.low, last.high, last.margin, last.exact], ["0.108", "0.072", "0.144", "0.018", false]);
});

test("a pipeline's steps feed each other, are reordered and removed by keyboard, and add up", async () => {
  await show(`<scrip-calculator modes="pipeline" pipeline="aws/transcribe azure/translate google/text-to-speech"></scrip-calculator>`);
  await until(async () => (await total()) === "0.474 credits", "the sum of the steps");
  const fed = page.locator('[part~="fed"]').filter({ visible: true });
  assert.deepEqual(await fed.allInnerTexts(), ["Works on what step 1 gives: 9,000 characters", "Works on what step 2 gives: 9,000 characters"]);
  await page.getByRole("textbox", { name: "Minutes" }).fill("60");
  await until(async () => (await total()) === "2.844 credits", "an hour");
  await page.getByRole("button", { name: "Remove step 2" }).focus();
  await page.keyboard.press("Enter");
  await until(async () => (await total()) === "2.304 credits", "without the translation");
  assert.equal(await page.evaluate(() => document.querySelector("scrip-calculator").shadowRoot.activeElement?.getAttribute("aria-label")), "Model of step 2");
  await page.getByRole("button", { name: "Move step 2 up" }).press("Enter");
  await until(async () => (await page.getByLabel("Model of step 1").inputValue()) === "google/text-to-speech", "the new order");
  await page.getByRole("combobox", { name: "Add a step" }).fill("gpt-4");
  await page.keyboard.press("Enter");
  await page.getByLabel("Model of step 3").waitFor();
  await page.getByLabel("Model of step 1").selectOption("GPT-5");
  await page.getByRole("textbox", { name: "Text", exact: true }).first().fill("Good morning");
  await until(async () => (await costs(page))[0]?.[0] === "GPT-5", "the first step's cost to stand first");
  await page.locator("summary").first().click();
  await until(async () => (await page.locator('[part~="lines"]').innerText()).includes("0.0000025"), "two tokens exactly");
});

test("a benchmark is models × rows × what each row uses", async () => {
  await show(`<scrip-calculator modes="benchmark" models="openai/gpt-4 openai/gpt-5 azure/translate"></scrip-calculator>`);
  await page.getByLabel("Rows").fill("500");
  await page.getByRole("textbox", { name: "Tokens", exact: true }).fill("200");
  await page.getByLabel("Expected tokens").fill("50");
  await until(async () => (await total()) === "7.875 credits", "the sum");
  assert.deepEqual(await costs(page), [["GPT-5", "0.375 credits"], ["GPT-4", "7.50 credits"]]);
  await page.getByText("Azure Translation is priced by characters").waitFor();
  await page.getByRole("button", { name: "Remove GPT-5" }).click();
  await page.getByRole("radio", { name: "Text" }).check();
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("Good morning");
  await until(async () => (await costs(page)).some(([, amount]) => amount === "1.56 credits"), "two tokens and fifty, five hundred times");
});

test("bad input is named at its field, and nothing that was typed is lost", async () => {
  await show(`<scrip-calculator models="openai/gpt-4 aws/transcribe"></scrip-calculator>`);
  await page.getByRole("radio", { name: "Tokens" }).check();
  const tokens = page.getByRole("textbox", { name: "Tokens", exact: true });
  for (const bad of ["1.5", "-3", "1e3", "NaN", "1,000", "１００", "9".repeat(40)]) {
    await tokens.fill(bad);
    await fault().first().waitFor();
    assert.equal(await tokens.getAttribute("aria-invalid"), "true", bad);
    assert.equal(await tokens.inputValue(), bad);
    assert.deepEqual(await axe(page), [], bad);
  }
  await screenshot(page, "calculator-fault");
  await tokens.fill("999999999999999");
  await fault().first().waitFor();
  await tokens.fill("1000");
  await until(async () => (await fault().count()) === 0, "no fault");
  await page.getByLabel("Expected tokens").fill("many");
  await page.getByText("Write a whole number").first().waitFor();
  await until(async () => /Write a whole number/.test(await page.getByRole("status").innerText()), "the fault to be announced");
  assert.equal(await page.getByLabel("Expected tokens").getAttribute("aria-invalid"), "true");
  assert.equal(await tokens.getAttribute("aria-invalid"), null);
  await page.getByRole("radio", { name: "Minutes" }).check();
  await page.getByRole("radio", { name: "Tokens" }).check();
  assert.equal(await tokens.inputValue(), "1000");
  assert.equal(await page.getByLabel("Expected tokens").inputValue(), "many");
});

test("everything works by keyboard alone", async () => {
  await show(`<scrip-calculator models="openai/gpt-4 azure/translate"></scrip-calculator>`);
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.getByRole("tab", { selected: true }).innerText(), "What credits buy");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.getByRole("tab", { selected: true }).innerText(), "Compare");
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press("Tab");
  await page.keyboard.type("haiku 4");
  await page.getByRole("option", { name: "Claude Haiku 4.5" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Remove Claude Haiku 4.5" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("listbox").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("listbox").filter({ visible: true }).count(), 0);
  await page.keyboard.press("Backspace");
  assert.equal(await page.getByRole("button", { name: "Remove Claude Haiku 4.5" }).count(), 0);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Good morning");
  await until(async () => (await costs(page)).some(([, amount]) => amount === "0.00012 credits"), "twelve characters translated");
  await until(async () => /Azure Translation: 0.00012 credits/.test(await page.getByRole("status").innerText()), "the announcement");
});

for (const [size, viewport] of Object.entries({ desktop, phone: narrow })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing at ${size} size, ${colorScheme}, in any mode`, async () => {
      await show(`<scrip-calculator models="${GOLDEN} openai/gpt-5" text="Honey bees live in large groups called colonies."></scrip-calculator>`);
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      for (const mode of ["Compare", "Pipeline", "Benchmark", "What credits buy"]) {
        await tab(page, mode).click();
        if (mode === "Compare") await page.locator("summary").last().click();
        await screenshot(page, `calculator-${mode.toLowerCase().replaceAll(" ", "-")}-${size}-${colorScheme}`);
        assert.deepEqual(await axe(page), [], mode);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${mode} fits the width`);
      }
      await tab(page, "Compare").click();
      await page.getByRole("combobox", { name: "Models" }).click();
      await page.getByRole("option").first().waitFor();
      await screenshot(page, `calculator-picker-${size}-${colorScheme}`);
      assert.deepEqual(await axe(page), [], "the open list of models");
    });
  }
}

test("a book of the site's own is used, and one that cannot be had says so and can be asked for again", async () => {
  const model = { id: "our/model", supplier: "Ourselves", name: "Our model", task: "generate", prices: [{ unit: "request", credits: "0.5", per: "1" }] };
  await show(`<scrip-calculator models="our/model gone/model"></scrip-calculator>`);
  await page.evaluate(() => document.querySelector("scrip-calculator").setAttribute("book", "/our-book.json"));
  await page.getByText("The prices could not be loaded.").waitFor();
  assert.deepEqual(await axe(page), []);
  site.pages["/our-book.json"] = JSON.stringify({ version: 1, models: [model] });
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Not in this price book: gone/model").waitFor();
  await page.getByRole("textbox", { name: "Calls" }).fill("3");
  await until(async () => (await costs(page))[0]?.[1] === "1.50 credits", "three calls");
});

test("two calculators of a page are two, attributes act when they change, and numbers are written by locale", async () => {
  await show(`<scrip-calculator modes="afford" models="aws/transcribe" credits="1"></scrip-calculator>`,
    `<scrip-calculator modes="afford" models="azure/translate" credits="5" lang="de"></scrip-calculator>`);
  await calculator(page, 0).getByText("41.666666666 minutes").waitFor();
  await calculator(page, 1).getByText("500.000 characters").waitFor();
  await page.evaluate(() => document.querySelector("scrip-calculator").setAttribute("credits", "10"));
  await calculator(page, 0).getByText("416.666666666 minutes").waitFor();
  await page.evaluate(() => document.querySelector("scrip-calculator").setAttribute("models", "openai/gpt-4"));
  await calculator(page, 0).getByText("166,666 tokens").first().waitFor();
  await calculator(page, 1).getByText("500.000 characters").waitFor();
});

test("a page without a calculator loads none of it", async () => {
  site.pages["/"] = calculatorPage();
  ({ context, page } = await visit(browser, "about:blank"));
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${site.url}/`);
  await page.evaluate(() => customElements.whenDefined("scrip-calculator"));
  assert.ok(asked.includes("/widget.js"));
  assert.ok(!asked.includes("/calculator.js"), asked.join());
});
