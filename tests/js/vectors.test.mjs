// tests/vectors/*.json through the packed package.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { load } from "./support/package.mjs";

const { default: init, PriceBook, ScripError } = await load();
await init();

const vectors = new URL("../vectors/", import.meta.url);
const withTime = ({ at = "2026-01-01T00:00:00Z", ...options } = {}) => ({ ...options, at: new Date(at) });

/** Where each call takes its options. */
const OPTIONS_AT = { estimate: 2, pipeline: 1, benchmark: 1, compare: 2, afford: 2 };

function answer(book, { call, args }) {
  if (call === "parse") return PriceBook.parse(args[0]).toJSON();
  const given = [...args];
  given[OPTIONS_AT[call]] = withTime(args[OPTIONS_AT[call]]);
  return book[call](...given);
}

/** Members that must be there with exactly these values. */
function contains(found, expected) {
  if (Array.isArray(expected)) return assert.deepEqual(found, expected);
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(found[name], value, name);
}

for (const file of readdirSync(vectors).filter((name) => name.endsWith(".json"))) {
  const { book: json, cases } = JSON.parse(readFileSync(new URL(file, vectors), "utf8"));
  describe(file, () => {
    const book = json ? PriceBook.parse(json) : PriceBook.builtin();
    for (const one of cases) {
      it(one.name, () => {
        if (one.error) {
          assert.throws(() => answer(book, one), (error) => {
            assert.ok(error instanceof ScripError, String(error));
            assert.deepEqual({ code: error.code, path: error.path }, one.error, error.message);
            return true;
          });
        } else {
          contains(answer(book, one), one.result);
        }
      });
    }
  });
}
