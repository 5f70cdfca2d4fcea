// Cloudflare's runtime, which compiles no Wasm at run time: there the package runs as JavaScript.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { it } from "node:test";

import { build } from "esbuild";
import { Miniflare } from "miniflare";

import { EXPECTED, application } from "./support/project.mjs";

const HANDLER = `import { use } from "./app.mjs";
import vocabulary from "@scrip/embed/o200k_base.bin";
export default { async fetch() { return Response.json(await use(vocabulary)); } };
`;

const TYPES = { ".bin": "Data" };

/** What wrangler does: the conditions of workerd; data are modules of their own. */
async function bundle(folder) {
  await build({
    entryPoints: [join(folder, "main.js")],
    outdir: join(folder, "dist"),
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".bin": "copy" },
    logLevel: "error",
  });
  const dist = join(folder, "dist");
  const others = readdirSync(dist).filter((name) => TYPES[extname(name)]);
  return [
    { type: "ESModule", path: "main.js", contents: readFileSync(join(dist, "main.js"), "utf8") },
    ...others.map((name) => ({ type: TYPES[extname(name)], path: name, contents: readFileSync(join(dist, name)) })),
  ];
}

it("workerd imports the package by its name and uses it", async (t) => {
  const modules = await bundle(application("workerd", { "main.js": HANDLER }));
  const worker = new Miniflare({ modules, compatibilityDate: "2026-04-01" });
  t.after(() => worker.dispose());
  const response = await worker.dispatchFetch("http://localhost/");
  assert.equal(response.status, 200, await response.clone().text());
  assert.deepEqual(await response.json(), EXPECTED);
});
