// Cloudflare's runtime, which compiles no Wasm at run time: its module is an import, as wrangler bundles it.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";

import { build } from "esbuild";
import { Miniflare } from "miniflare";

import { EXPECTED, application } from "./support/project.mjs";

const HANDLER = `import { use } from "./app.mjs";
export default { async fetch() { return Response.json(await use()); } };
`;

/** What wrangler does: the conditions of workerd, Wasm modules kept as modules. */
async function bundle(folder) {
  await build({
    entryPoints: [join(folder, "main.js")],
    outdir: join(folder, "dist"),
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    logLevel: "error",
  });
  const dist = join(folder, "dist");
  const modules = readdirSync(dist).filter((name) => name.endsWith(".wasm"));
  return [
    { type: "ESModule", path: "main.js", contents: readFileSync(join(dist, "main.js"), "utf8") },
    ...modules.map((name) => ({ type: "CompiledWasm", path: name, contents: readFileSync(join(dist, name)) })),
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
