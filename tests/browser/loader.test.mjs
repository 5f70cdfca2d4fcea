// embed.js from the package's own folder, as a site that hosts its own copy has it. The served one is in every other test.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { launch, visit, waitForState } from "./support/browser.mjs";
import { signUp, startServer } from "./support/server.mjs";
import { pageWith, startSite } from "./support/site.mjs";

let browser, server, site;

before(async () => {
  browser = await launch();
  server = await startServer({ provider: "http://127.0.0.1:9/v1" });
  site = await startSite({}, pathToFileURL(`${process.env.SCRIP_PACKAGE}/`));
});

after(async () => {
  await browser?.close();
  await site?.close();
  await server?.close();
});

test("a copy of the package on a site's own server loads the widget beside it", async () => {
  const { id } = await (await signUp(server)).embed(site.url);
  site.pages["/"] = pageWith(`<script async src="/embed.js" data-embed="${id}" data-endpoint="${server.url}"></script>`);
  const { page, context } = await visit(browser, "about:blank");
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${site.url}/`);
  await waitForState(page, "ready");
  assert.ok(asked.includes(`${site.url}/widget.js`), asked.join(" "));
  assert.deepEqual(page.faults, []);
  await context.close();
});

test("the served loader loads the widget of its version", async () => {
  const { snippet } = await (await signUp(server)).embed(site.url);
  site.pages["/"] = pageWith(snippet);
  const { page, context } = await visit(browser, "about:blank");
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${site.url}/`);
  await waitForState(page, "ready");
  assert.ok(asked.some((url) => url.startsWith(`${server.url}/pkg/`) && url.endsWith("/widget.js")), asked.join(" "));
  await context.close();
});
