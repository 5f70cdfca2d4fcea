// The demo's second origin with its three pickaxes, each answered by the real local model. Its picture is the README's.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { axe, launch, part, phone, screenshot, visit, waitForState, widget } from "./support/browser.mjs";
import { signUp, startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";

const folder = new URL("../../examples/demo-site/", import.meta.url);
const asked = [
  { "Your text": "Honey bees live in large groups called colonies. Each colony has one queen, a few hundred drones and many thousands of workers. The workers collect nectar, make honey and keep the hive clean." },
  { "What are you selling?": "a bamboo desk lamp" },
  { "Who is it about?": "a snail who wants to fly", "How should it feel?": "funny" },
];

let browser, server, site, owner, visitor;

before(async () => {
  browser = await launch();
  server = await startServer({ provider: process.env.SCRIP_MODEL_URL });
  site = await startSite({}, folder);
  owner = await signUp(server);
  let html = (await readFile(new URL("index.html", folder), "utf8")).replaceAll("{{SCRIP_ORIGIN}}", server.url);
  html = html.replace("{{MODEL}}", "a small language model running on this computer (135 million parameters)");
  for (const [index, { pickaxe, embed }] of JSON.parse(await readFile(new URL("pickaxes.json", folder), "utf8")).entries()) {
    const { snippet } = await owner.embed(site.url, { pickaxe, ...embed });
    html = html.replace(`{{SNIPPET_${index + 1}}}`, snippet);
  }
  assert.doesNotMatch(html, /\{\{SNIPPET/);
  site.pages["/"] = html;
  visitor = await visit(browser, `${site.url}/`);
});

after(async () => {
  await browser?.close();
  await site?.close();
  await server?.close();
});

for (const [index, fields] of asked.entries()) {
  test(`pickaxe ${index + 1} of the demo answers, by keyboard alone`, async () => {
    const { page } = visitor;
    await waitForState(page, "ready", { index });
    for (const [label, value] of Object.entries(fields)) {
      await widget(page, index).getByLabel(label).focus();
      await page.keyboard.type(value);
    }
    const submit = part(page, "submit", index);
    for (let presses = 0; presses < 5 && !(await submit.evaluate((button) => button.matches(":focus"))); presses += 1)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await waitForState(page, "done", { index });
    assert.ok((await part(page, "output", index).innerText()).split(/\s+/).length > 5);
  });
}

test("the demo is clean under axe, light and dark, desktop and phone, and three runs are paid", async () => {
  const { page } = visitor;
  await page.mouse.click(5, 5);
  await screenshot(page, "demo");
  assert.deepEqual(await axe(page), []);
  await page.setViewportSize(phone);
  await page.emulateMedia({ colorScheme: "dark" });
  await screenshot(page, "demo-phone-dark");
  assert.deepEqual(await axe(page), []);
  assert.equal(await owner.available(), "22");
  assert.deepEqual(page.faults, []);
});
