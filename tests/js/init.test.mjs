// Loading the module, in whatever way and order.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { gunzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";
import { folder, load } from "./support/package.mjs";

const packed = join(folder, "scrip_bg.wasm.gz");
const unpacked = gunzipSync(readFileSync(packed));

/** The package as nobody has loaded it yet, as a bundler would resolve it. */
function fresh() {
  const copy = mkdtempSync(join(tmpdir(), "scrip-fresh-"));
  cpSync(folder, copy, { recursive: true });
  return import(pathToFileURL(join(copy, "index.js")).href);
}

it("importing touches neither window nor anything else, and before init every export says not_initialised", async () => {
  assert.equal(globalThis.window, undefined);
  const { PriceBook, Allowance, formatCredits, fetchPriceBook } = await fresh();
  for (const early of [
    () => PriceBook.builtin(),
    () => PriceBook.parse("{}"),
    () => new Allowance({ capacity: "1" }),
    () => Allowance.fromJSON({}),
    () => formatCredits("1"),
  ]) {
    assert.throws(early, { name: "ScripError", code: "not_initialised" });
  }
  await assert.rejects(async () => fetchPriceBook("http://127.0.0.1:1/"), { code: "not_initialised" });
});

it("under Node init finds the file beside it, once, however often it is called", async () => {
  const { default: init, PriceBook } = await load();
  const [first, second] = [init(), init()];
  assert.equal(await first, undefined);
  await second;
  await init("nowhere://is/asked");
  assert.ok(PriceBook.builtin().models().length >= 4);
});

for (const [what, source] of [
  ["bytes", () => unpacked],
  ["bytes as the package has them", () => readFileSync(packed)],
  ["an ArrayBuffer", () => new Uint8Array(unpacked).buffer],
  ["a part of a larger buffer", () => new Uint8Array([0, ...unpacked, 0]).subarray(1, -1)],
  ["a WebAssembly.Module", () => new WebAssembly.Module(unpacked)],
]) {
  it(`init takes ${what}`, async () => {
    const { default: init, PriceBook } = await fresh();
    await init(source());
    assert.equal(PriceBook.builtin().estimate("azure/translate", { characters: 100000 }).total, "1");
  });
}

it("under Node init takes a file URL", async () => {
  const { default: init } = await load();
  await init(pathToFileURL(packed));
});

it("init takes a URL, its text and a Request, and a load that failed can be tried again", async (t) => {
  const server = createServer((request, response) => {
    if (request.url === "/scrip.wasm") return response.writeHead(200, { "content-type": "application/wasm" }).end(unpacked);
    if (request.url === "/packed") return response.end(readFileSync(packed));
    // Some hosts take the ending for what was done on the way.
    if (request.url === "/scrip.wasm.gz") return response.writeHead(200, { "content-encoding": "gzip" }).end(readFileSync(packed));
    response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const base = `http://127.0.0.1:${server.address().port}`;
  const addresses = ["/scrip.wasm", "/packed", "/scrip.wasm.gz"].map((path) => base + path);
  for (const source of [...addresses, new URL("/scrip.wasm", base), new Request(`${base}/packed`)]) {
    const { default: init, PriceBook } = await fresh();
    await assert.rejects(init(`${base}/missing`));
    assert.throws(() => PriceBook.builtin(), { code: "not_initialised" });
    await init(source);
    PriceBook.builtin();
  }
});

it("the package holds what it says: the book as JSON is the built-in one, and every exported file is there", async () => {
  const { default: init, PriceBook } = await load();
  await init();
  const json = JSON.parse(readFileSync(join(folder, "price-book.json"), "utf8"));
  assert.deepEqual(PriceBook.parse(json).toJSON(), PriceBook.builtin().toJSON());
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const entry of Object.values(exports)) {
    for (const file of typeof entry === "string" ? [entry] : Object.values(entry)) readFileSync(join(folder, file));
  }
});
