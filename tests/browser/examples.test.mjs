// The examples as their readers build them, against the packed package, opened in a browser.
import assert from "node:assert/strict";
import { cp, mkdir, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "vite";

import { axe, launch, phone, screenshot, visit } from "./support/browser.mjs";
import { costs } from "./support/calculator.mjs";
import { startSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
// The project that the package is installed in: <project>/node_modules/@scrip/embed.
const project = path.resolve(process.env.SCRIP_PACKAGE, "../../..");
const { resolve } = createRequire(import.meta.url);
let browser;

before(async () => {
  browser = await launch();
  for (const name of ["react", "react-dom"]) {
    const at = path.join(project, "node_modules", name);
    await symlink(path.dirname(resolve(`${name}/package.json`)), at).catch((error) => assert.equal(error.code, "EEXIST"));
  }
});

after(() => browser?.close());

/** A copy of the example inside the project, so that it finds what is installed there. */
async function copy(name) {
  const folder = path.join(project, "examples", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  await cp(path.join(examples, name), folder, { recursive: true, filter: (source) => !/node_modules|dist$/.test(path.relative(examples, source)) });
  return folder;
}

async function built(name) {
  const folder = await copy(name);
  await build({ root: folder, logLevel: "error" });
  return startSite({}, pathToFileURL(path.join(folder, "dist/")));
}

test("the Vite app shows a prompt's cost while it is typed", async () => {
  const site = await built("vite");
  const { context, page } = await visit(browser, `${site.url}/index.html`);
  await page.getByLabel("Your prompt").pressSequentially("Write a haiku about rain");
  await page.getByText("6 tokens, exact").waitFor({ timeout: 60_000 });
  await page.getByLabel("Model").selectOption("GPT-4");
  await page.getByLabel("Expected answer").fill("40");
  await until(async () => (await page.locator("#cost").innerText()) === "0.00276 credits", "the cost of GPT-4");
  await page.getByLabel("Expected answer").fill("many");
  await page.getByRole("alert").filter({ hasText: /\S/ }).waitFor();
  await page.getByLabel("Expected answer").fill("40");
  await until(async () => (await page.getByRole("alert").innerText()) === "", "the fault to go");
  await screenshot(page, "example-vite");
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(page.faults, []);
  await context.close();
  await site.close();
});

test("the React app uses the package's numbers and its wrapper", async () => {
  const site = await built("react");
  const { context, page } = await visit(browser, `${site.url}/index.html`);
  await until(async () => (await page.locator("[data-cost]").innerText()) === "2.133 credits", "forty-five minutes, dubbed");
  await page.getByRole("slider").press("ArrowRight");
  await until(async () => (await page.locator("[data-cost]").innerText()) === "2.37 credits", "fifty minutes");
  await until(async () => (await costs(page)).length === 3, "three models side by side");
  await page.locator("[data-seen]").waitFor();
  await screenshot(page, "example-react");
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(page.faults, []);
  await context.close();
  await site.close();
});

test("the plain page needs no build", async () => {
  const folder = await copy("plain-html");
  await symlink(path.join(project, "node_modules"), path.join(folder, "node_modules"));
  const site = await startSite({}, pathToFileURL(`${folder}/`));
  const { context, page } = await visit(browser, `${site.url}/prices.html`, { viewport: phone, colorScheme: "dark" });
  await page.getByText("41.666666666 minutes").waitFor();
  await screenshot(page, "example-plain-html");
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(page.faults, []);
  await context.close();
  await site.close();
});
