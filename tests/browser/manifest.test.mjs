// custom-elements.json names exactly what the code has: whatever is added or renamed must be described.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const manifest = JSON.parse(await readFile(new URL("pkg-template/custom-elements.json", root), "utf8"));
const { declarations, exports } = manifest.modules[0];
const element = (tag) => declarations.find(({ tagName }) => tagName === tag);

async function sources(...folders) {
  const texts = [];
  for (const folder of folders)
    for (const entry of await readdir(new URL(folder, root), { withFileTypes: true, recursive: true }))
      if (entry.isFile() && /\.(js|rs)$/.test(entry.name)) texts.push(await readFile(new URL(`file://${entry.parentPath ?? entry.path}/${entry.name}`), "utf8"));
  return texts.join("\n");
}

const found = (text, pattern) => [...new Set([...text.matchAll(pattern)].flatMap((match) => match[1].split(" ")))].sort();
const names = (described = []) => described.map(({ name }) => name).sort();

const shared = await sources("pkg-template/shared/");
const ELEMENTS = {
  "scrip-pickaxe": { script: await sources("pkg-template/widget/"), rust: await sources("crates/widget/src/") },
  "scrip-calculator": { script: await sources("pkg-template/calculator/"), rust: "" },
};

for (const [tag, { script, rust }] of Object.entries(ELEMENTS)) {
  const described = element(tag);

  test(`${tag}: parts, slots and properties of style`, () => {
    assert.deepEqual(names(described.cssParts), found(script, /\bpart: "([^"]+)"/g));
    assert.deepEqual(names(described.slots), found(script, /h\(\s*"slot",\s*\{ name: "([^"]+)"/g));
    assert.deepEqual(names(described.cssProperties), found(script + shared, /var\((--scrip-[a-z-]+)/g));
  });

  test(`${tag}: events`, () => {
    assert.deepEqual(names(described.events), found(script + rust, /"(scrip-(?!pickaxe|calculator)[a-z]+)"/g));
  });

  test(`${tag}: attributes`, () => {
    const observed = /observedAttributes = \[([^\]]+)\]/.exec(script)[1].matchAll(/"([^"]+)"/g);
    const read = [...(script + rust).matchAll(/get_?[aA]ttribute\("([^"]+)"\)/g)];
    const styled = /:host\(\[(theme)=/.exec(script + shared);
    const code = [...observed, ...read.filter(([, name]) => !name.startsWith("aria-")), styled].map(([, name]) => name);
    // The language is the document's own attribute.
    assert.deepEqual(names(described.attributes), [...new Set([...code, "lang"])].sort());
  });
}

test("members are those of the types", async () => {
  const types = await readFile(new URL("pkg-template/widget.d.ts", root), "utf8");
  for (const { tagName, name, members = [] } of declarations) {
    const body = new RegExp(`export class ${name} extends HTMLElement \\{([^]*?)\\n?\\}`).exec(types)[1];
    const declared = [...body.replace(/\/\*\*[^]*?\*\//g, "").matchAll(/^ {2}(?:readonly )?(\w+)[:(]/gm)].map(([, member]) => member);
    assert.deepEqual(names(members), declared.sort(), tagName);
  }
});

test("both elements are exported and defined", () => {
  assert.deepEqual(names(exports), ["ScripCalculator", "ScripPickaxe", "scrip-calculator", "scrip-pickaxe"]);
});
