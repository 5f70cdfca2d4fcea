// Web workers in Chromium.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, it } from "node:test";

import { build as vite } from "vite";

import { askingWorker, launch, page, said, worker } from "./support/page.mjs";
import { EXPECTED, application } from "./support/project.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

it("a module worker that Vite built", async () => {
  const root = application("vite-worker", {
    "worker.js": worker(),
    "main.js": askingWorker('new URL("./worker.js", import.meta.url)'),
    "index.html": page("main.js"),
  });
  await vite({ root, configFile: false, logLevel: "error", worker: { format: "es" } });
  assert.deepEqual(await said(browser, join(root, "dist")), EXPECTED);
});
