// A server-side render: everything can be imported where there is no window, and nothing makes one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";

import { answer, application, installed } from "./support/project.mjs";

const { exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
const GLOBALS = ["window", "document", "HTMLElement", "customElements", "localStorage"];

for (const subpath of Object.keys(exports).filter((name) => /^\.(?!.*\.(js|json|bin)$)/.test(name))) {
  it(`@scrip/embed${subpath.slice(1)} is imported without a window`, async () => {
    const name = `render${subpath.slice(1).replaceAll("/", "-")}`;
    const folder = application(name, {
      "main.mjs": `const before = ${JSON.stringify(GLOBALS)}.filter((name) => name in globalThis);
await import("@scrip/embed${subpath.slice(1)}");
console.log(JSON.stringify({ before, after: ${JSON.stringify(GLOBALS)}.filter((name) => name in globalThis) }));
`,
    });
    const { before, after } = await answer(process.execPath, ["main.mjs"], folder);
    assert.deepEqual(before, []);
    assert.deepEqual(after, []);
  });
}
