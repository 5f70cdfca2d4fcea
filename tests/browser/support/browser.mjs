// Chromium, and how a person finds their way through the widget: by roles and labels, through the shadow root.
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const artefacts = process.env.SCRIP_ARTEFACTS ?? fileURLToPath(new URL("../../../target/screenshots/", import.meta.url));
const axeSource = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export const desktop = { width: 1200, height: 900 };
export const phone = { width: 375, height: 740 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.SCRIP_CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-default-apps",
      "--no-first-run",
      "--disable-extensions",
    ],
  });
}

/** A page in a context of its own: another visitor. Errors the page throws fail the test that asks for `faults`. */
export async function visit(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: desktop, locale: "en-GB", timezoneId: "UTC", ...options });
  const page = await open(context, url);
  return { context, page };
}

/** One more tab of the same visitor. */
export async function open(context, url) {
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  await page.goto(url);
  return page;
}

export const widget = (page, index = 0) => page.locator("scrip-pickaxe").nth(index);

/** The element's own word for where it stands. */
export const state = (page, index = 0) => widget(page, index).evaluate((element) => element.state);

export const part = (page, name, index = 0) => widget(page, index).locator(`[part~="${name}"]`).filter({ visible: true });

export async function waitForState(page, wanted, { timeout = 180_000, index = 0 } = {}) {
  await page.waitForFunction(
    ([wanted, index]) => document.querySelectorAll("scrip-pickaxe")[index]?.state === wanted,
    [wanted, index],
    { timeout },
  );
}

export async function screenshot(page, name) {
  await mkdir(artefacts, { recursive: true });
  await page.screenshot({ path: path.join(artefacts, `${name}.png`), fullPage: true });
}

/** What axe finds on the page, shadow roots included, as sentences. */
export async function axe(page) {
  // As a debugger does, which no policy of the page forbids.
  await page.evaluate(`${await readFile(axeSource, "utf8")};0`);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, help, nodes }) => `${id}: ${help} at ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}
