// The landing page as the server serves it, with the calculator live on it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, desktop, launch, phone, screenshot, visit } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";

let browser, server;

before(async () => {
  browser = await launch();
  server = await startServer({ provider: "http://127.0.0.1:9/v1" });
});

after(async () => {
  await browser?.close();
  await server?.close();
});

for (const [size, viewport] of Object.entries({ desktop, phone })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the landing page calculates with the server's prices, at ${size} size, ${colorScheme}`, async () => {
      const { context, page } = await visit(browser, `${server.url}/`, { viewport, colorScheme });
      const asked = [];
      page.on("console", (message) => message.type() === "error" && asked.push(message.text()));
      await page.getByText("What 1 credit buys").waitFor();
      await page.getByText("41.666666666 minutes").waitFor();
      await page.locator(".main-calculator").locator('[part~="cost"]').nth(4).waitFor();
      await page.locator("[data-receipt] tr").nth(2).waitFor();
      assert.equal(await page.locator("[data-receipt-total]").innerText(), "2.844");
      assert.ok((await page.locator("#owners pre").innerText()).includes(`${server.url}/embed.js`));
      await screenshot(page, `landing-${size}-${colorScheme}`);
      assert.deepEqual(await axe(page), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "nothing is wider than the page");
      assert.deepEqual([page.faults, asked], [[], []]);
      await context.close();
    });
  }
}
