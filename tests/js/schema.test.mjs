// The published JSON Schema says of every book what the reader says, as far as a schema can.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { importedBook } from "./support/imported.mjs";
import { folder } from "./support/package.mjs";

const json = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const schema = json("price-book.schema.json");

/** The first place where `value` is not as `rule` says, as a JSON Pointer; nothing where it is. Knows the words this schema uses. */
function fault(rule, value, path = "") {
  if (rule.$ref) rule = { ...rule.$ref.slice(2).split("/").reduce((at, name) => at[name], schema), ...rule, $ref: undefined };
  const type = { object: (v) => v && typeof v === "object" && !Array.isArray(v), array: Array.isArray, string: (v) => typeof v === "string", integer: Number.isInteger };
  if (rule.type && !type[rule.type](value)) return path;
  if ("const" in rule && value !== rule.const) return path;
  if (rule.enum && !rule.enum.includes(value)) return path;
  if (rule.pattern && !new RegExp(rule.pattern, "u").test(value)) return path;
  if (value.length < rule.minLength || value.length < rule.minItems || value < rule.minimum || value > rule.maximum) return path;
  if (rule.properties) {
    for (const [name, member] of Object.entries(value)) {
      if (!rule.properties[name]) return `${path}/${name}`;
      const inside = fault(rule.properties[name], member, `${path}/${name}`);
      if (inside !== undefined) return inside;
    }
  }
  for (const name of rule.required ?? []) if (!(name in value)) return `${path}/${name}`;
  for (const [index, member] of rule.items ? value.entries() : []) {
    const inside = fault(rule.items, member, `${path}/${index}`);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** What only reading finds. */
const BEYOND_A_SCHEMA = /per nothing|twice|ascend|gap|overlap|no time|beyond all amounts/;
const DATES_OF_NO_CALENDAR = /a date that is none/;

it("the built-in book is as the schema says", () => {
  assert.equal(fault(schema, json("price-book.json")), undefined);
});

it("so is a whole imported release", importedBook(), () => {
  const book = JSON.parse(readFileSync(process.env.SCRIP_IMPORTED_BOOK, "utf8"));
  assert.ok(book.models.length > 1000);
  assert.equal(fault(schema, book), undefined);
});

const { cases } = JSON.parse(readFileSync(new URL("../vectors/books.json", import.meta.url), "utf8"));
for (const one of cases) {
  if (BEYOND_A_SCHEMA.test(one.name) || DATES_OF_NO_CALENDAR.test(one.name)) continue;
  it(one.name, () => assert.equal(fault(schema, one.args[0]), one.error?.path));
}
