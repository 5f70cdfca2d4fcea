// Runtimes without a page: the package is imported by its name and used.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";

import { EXPECTED, answer, application, printing, tools } from "./support/project.mjs";

/** A program that an npm package brings for this platform. */
function platformBinary(name) {
  const { optionalDependencies } = JSON.parse(readFileSync(join(tools, name, "package.json"), "utf8"));
  const of = Object.keys(optionalDependencies).map((dependency) => join(tools, dependency));
  const candidates = of.flatMap((folder) => [join(folder, name), join(folder, "bin", name)]);
  const found = candidates.find((file) => existsSync(file));
  assert.ok(found, `the npm package ${name} brings no program for ${process.platform} ${process.arch}`);
  return found;
}

it("Node imports the package by its name and uses it", async () => {
  const folder = application("node", { "main.mjs": printing() });
  assert.deepEqual(await answer(process.execPath, ["main.mjs"], folder), EXPECTED);
});

it("Bun imports the package by its name and uses it", async () => {
  const folder = application("bun", { "main.mjs": printing() });
  assert.deepEqual(await answer(platformBinary("bun"), ["run", "main.mjs"], folder), EXPECTED);
});

it("Deno imports the package by its name and uses it, with the right to read and no other", async () => {
  const folder = application("deno", { "main.mjs": printing() });
  const args = ["run", "--no-config", "--no-lock", "--no-prompt", "--cached-only", "--node-modules-dir=manual", "--allow-read", "main.mjs"];
  assert.deepEqual(await answer(platformBinary("deno"), args, folder), EXPECTED);
});
