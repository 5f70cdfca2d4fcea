// A long text in the calculator: every key is answered at once, and the counts become exact when the vocabulary is there.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { launch, visit } from "./support/browser.mjs";
import { calculatorPage, costs, PAGE, startPackageSite } from "./support/calculator.mjs";
import { until } from "./support/until.mjs";

const LONGEST_TASK = 50;
const ROUNDS = 3;
const models = "openai/gpt-5 openai/gpt-4 anthropic/claude-haiku-4-5 google/gemini-3.5-flash azure/translate google/text-to-speech";
const prose = "The harbour was quiet, and 14 boats lay at anchor; nobody spoke. Übermorgen wird's regnen, 多分ね。\n";
let browser, site, context, page;

before(async () => {
  browser = await launch();
  site = await startPackageSite({ ...PAGE, "/": calculatorPage(`<scrip-calculator models="${models}"></scrip-calculator>`) });
});

after(async () => {
  await browser?.close();
  await site?.close();
});

afterEach(async () => {
  assert.deepEqual(page.faults, []);
  await context.close();
});

const count = () => page.locator('[part~="count"]').innerText();

async function open() {
  ({ context, page } = await visit(browser, `${site.url}/`));
  await page.getByRole("textbox", { name: "Text" }).waitFor();
}

/** As from the clipboard: one input event with all of it. */
const paste = (text) =>
  page.getByRole("textbox", { name: "Text" }).evaluate((area, text) => {
    area.focus();
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertFromPaste" }));
  }, text);

/** Types at the start, takes some of it back, types at the end: with real keys. How long the text is then. */
async function typeAround(length) {
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("A new beginning. ", { delay: 15 });
  for (let presses = 0; presses < 8; presses += 1) await page.keyboard.press("Backspace", { delay: 15 });
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" The end, at last.", { delay: 15 });
  const now = length + 27;
  await until(async () => (await count()).includes(`${now.toLocaleString("en")} characters`), "every key to be counted");
  return now;
}

for (const [name, text] of Object.entries({
  prose: prose.repeat(Math.ceil(100_000 / prose.length)).slice(0, 100_000),
  "prose in one line": prose.replace("\n", " ").repeat(Math.ceil(100_000 / prose.length)).slice(0, 100_000),
  "one letter": "a".repeat(100_000),
})) {
  test(`typing in 100 KB of ${name} causes no task over ${LONGEST_TASK} ms`, async () => {
    await open();
    await page.getByRole("textbox", { name: "Text" }).pressSequentially("Hello");
    await until(async () => /exact/.test(await count()) && !/loading/.test(await count()), "the vocabularies", { within: 60_000 });
    await paste(text);
    await until(async () => (await count()).includes("100,005 characters"), "the pasted text to be counted");
    // A busy machine stalls now and then; what the page does itself comes back in every round.
    let tasks;
    for (let round = 1, length = 100_005; round <= ROUNDS && tasks?.length !== 0; round += 1) {
      await page.evaluate(() => (window.tasks.length = 0));
      length = await typeAround(length);
      tasks = (await page.evaluate(() => window.tasks)).filter((duration) => duration > LONGEST_TASK);
    }
    assert.deepEqual(tasks, []);
    // A page that does hang is noticed by this.
    await page.evaluate(() => {
      setTimeout(() => {
        for (const start = performance.now(); performance.now() - start < 80; );
      });
    });
    await page.waitForFunction(() => window.tasks.length > 0);
  });
}

test("what is typed, cut, pasted and undone is counted as a text given whole is", async () => {
  await open();
  await page.getByRole("textbox", { name: "Text" }).pressSequentially("Good morning 👩‍🚀 world");
  for (const keys of ["Home", "Control+Delete", "Control+z", "End", "Backspace", "ArrowLeft", "ArrowLeft", "Enter", "Control+z"]) await page.keyboard.press(keys);
  await until(async () => /exact/.test(await count()) && !/loading/.test(await count()), "the vocabularies", { within: 60_000 });
  const typed = await page.getByRole("textbox", { name: "Text" }).inputValue();
  const bit = await costs(page);
  await page.getByRole("textbox", { name: "Text" }).fill("");
  await page.getByRole("textbox", { name: "Text" }).fill(typed);
  await until(async () => JSON.stringify(await costs(page)) === JSON.stringify(bit), "the same costs");
});

test("without its vocabulary a count says that it is approximate", async () => {
  ({ context, page } = await visit(browser, "about:blank"));
  await context.route(/_base/, (route) => route.abort());
  await page.goto(`${site.url}/`);
  await page.getByRole("textbox", { name: "Text" }).pressSequentially("Good morning");
  await until(async () => /could not be loaded/.test(await count()), "the count to say so");
  assert.ok((await costs(page)).length >= 6);
});
