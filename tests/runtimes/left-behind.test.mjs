// Bundlers that leave the Wasm file behind, as esbuild and Rollup do with what is named by new URL(…, import.meta.url): init() without an
// argument works all the same.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, it } from "node:test";

import * as esbuild from "esbuild";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";

import { askingWorker, dist, launch, page, said, saying, wasmIn, worker } from "./support/page.mjs";
import { EXPECTED, answer, application, installed, printing } from "./support/project.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** What they leave behind as well, a site puts somewhere and says where. */
const VOCABULARY = 'new URL("/vocabulary/o200k_base.bin", location.href)';
const mounts = { "/vocabulary/": installed };

const start = (name) => application(name, { "main.js": saying(VOCABULARY) });

async function withEsbuild(name) {
  const folder = start(name);
  const built = await esbuild.build({
    entryPoints: [join(folder, "main.js")], outdir: join(folder, "dist"), bundle: true, splitting: true, format: "esm", minify: true, logLevel: "error",
  });
  assert.deepEqual(built.warnings, []);
  assert.deepEqual(wasmIn(join(folder, "dist")), []);
  return dist(folder);
}

it("esbuild bundles it, and init() does without the Wasm file that was not copied", async () => {
  assert.deepEqual(await said(browser, await withEsbuild("esbuild"), { mounts }), EXPECTED);
});

it("… even where the server answers every unknown address with a page", async () => {
  assert.deepEqual(await said(browser, await withEsbuild("esbuild-spa"), { mounts, missing: "<!doctype html><p>an application" }), EXPECTED);
});

it("esbuild bundles it into one file, too", async () => {
  const folder = start("esbuild-single");
  await esbuild.build({ entryPoints: [join(folder, "main.js")], outfile: join(folder, "dist/main.js"), bundle: true, format: "esm", logLevel: "error" });
  assert.deepEqual(await said(browser, dist(folder), { mounts }), EXPECTED);
});

it("Rollup bundles it with nothing but its resolver of names", async () => {
  const folder = start("rollup");
  const warnings = [];
  const bundle = await rollup({ input: join(folder, "main.js"), plugins: [nodeResolve({ browser: true })], onwarn: (warning) => warnings.push(warning.message) });
  await bundle.write({ dir: join(folder, "dist"), format: "es" });
  await bundle.close();
  assert.deepEqual(warnings, []);
  assert.deepEqual(wasmIn(join(folder, "dist")), []);
  assert.deepEqual(await said(browser, dist(folder), { mounts }), EXPECTED);
});

it("a bundle that esbuild made for Node works in a folder of its own, without the Wasm file beside it", async () => {
  const folder = application("esbuild-node", { "main.mjs": `import { readFileSync } from "node:fs";\n${printing(`readFileSync(${JSON.stringify(join(installed, "o200k_base.bin"))})`)}` });
  const outfile = join(folder, "dist/main.mjs");
  await esbuild.build({ entryPoints: [join(folder, "main.mjs")], bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" });
  assert.deepEqual(wasmIn(join(folder, "dist")), []);
  assert.deepEqual(await answer(process.execPath, [outfile], folder), EXPECTED);
});

it("a module worker that esbuild bundled, without the Wasm file", async () => {
  const folder = application("esbuild-worker", { "worker.js": worker(VOCABULARY) });
  await esbuild.build({ entryPoints: [join(folder, "worker.js")], outdir: join(folder, "dist"), bundle: true, format: "esm", splitting: true, logLevel: "error" });
  writeFileSync(join(folder, "dist/main.js"), askingWorker('"./worker.js"'));
  writeFileSync(join(folder, "dist/index.html"), page("main.js"));
  assert.deepEqual(await said(browser, join(folder, "dist"), { mounts }), EXPECTED);
});
