// Bundlers that take the Wasm file along, opened in Chromium from a server that has nothing but what the bundler wrote.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, it } from "node:test";

import { build as vite } from "vite";
import webpack from "webpack";

import { dist, launch, page, said, saying, wasmIn } from "./support/page.mjs";
import { EXPECTED, application, installed } from "./support/project.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const start = (name, html = page("main.js")) => application(name, { "main.js": saying(), "index.html": html });

it("without a bundler: the package's files, found by an import map", async () => {
  const map = { imports: { "@scrip/embed": "/package/index.js", "@scrip/embed/tokenizer": "/package/tokenizer.js" } };
  const folder = start("import-map", page("main.js", `<script type="importmap">${JSON.stringify(map)}</script>`));
  assert.deepEqual(await said(browser, folder, { mounts: { "/package/": installed } }), EXPECTED);
});

it("Vite builds it without a plugin and takes the Wasm file along", async () => {
  const root = start("vite");
  await vite({ root, configFile: false, logLevel: "error" });
  assert.ok(wasmIn(join(root, "dist")).length > 0);
  assert.deepEqual(await said(browser, join(root, "dist")), EXPECTED);
});

it("webpack builds it without a loader and takes the Wasm file along", async () => {
  const context = start("webpack");
  const compiler = webpack({ mode: "production", context, entry: "./main.js", output: { path: join(context, "dist") }, performance: false });
  const stats = await new Promise((resolve, reject) => compiler.run((error, done) => (error ? reject(error) : resolve(done))));
  await new Promise((resolve) => compiler.close(resolve));
  assert.deepEqual(stats.toJson({ errors: true, warnings: true }).errors, []);
  assert.deepEqual(stats.toJson({ errors: true, warnings: true }).warnings, []);
  assert.ok(wasmIn(join(context, "dist")).length > 0);
  assert.deepEqual(await said(browser, dist(context)), EXPECTED);
});
