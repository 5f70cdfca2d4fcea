// A site with its own model: the debit endpoint alone, from a real page, with replies that get lost.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { axe, launch, part, screenshot, visit, waitForState, widget } from "./support/browser.mjs";
import { startProxy } from "./support/proxy.mjs";
import { signUp, startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

const example = new URL("../../examples/own-model/", import.meta.url);

let browser, server, proxy, site, owner, embed;

before(async () => {
  browser = await launch();
  // No provider at all: this server only keeps the ledger.
  server = await startServer({ provider: "http://127.0.0.1:9/v1" });
  proxy = await startProxy(server.url);
  site = await startSite({}, example);
});

beforeEach(async () => {
  owner = await signUp(server);
  embed = await owner.embed(site.url, { prompt_runs_per_user: 2 });
  Object.assign(proxy, { cut: () => false, seen: [] });
});

after(async () => {
  await browser?.close();
  await site?.close();
  await proxy?.close();
  await server?.close();
});

async function opened() {
  const address = new URL("/index.html", site.url);
  address.searchParams.set("endpoint", proxy.url);
  address.searchParams.set("embed", embed.id);
  const visited = await visit(browser, address.href);
  await waitForState(visited.page, "ready");
  return visited;
}

async function press(page, text) {
  await widget(page).getByLabel("Your text").fill(text);
  await part(page, "submit").click();
}

async function debits() {
  return (await owner.transactions()).filter((row) => row.kind === "debit");
}

test("a site with its own model debits one credit and gives its own answer", async () => {
  const { context, page } = await opened();
  await press(page, "a quiet line");
  await waitForState(page, "done");
  assert.equal((await part(page, "output").innerText()).trim(), "A QUIET LINE");
  assert.equal(await owner.available(), "24");
  const [debit, ...others] = await debits();
  assert.equal(others.length, 0);
  assert.equal(debit.amount, "-1");
  assert.equal(debit.embed, embed.id);
  assert.ok(proxy.seen.every((line) => !line.includes("/v1/runs")), "no run was asked of the server");
  await screenshot(page, "own-model-done");
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(page.faults, []);
  await context.close();
});

test("the visitor's limit holds for a site with its own model", async () => {
  const { context, page } = await opened();
  for (const [text, left] of [["one", 1], ["two", 0]]) {
    await press(page, text);
    await until(async () => (await part(page, "output").innerText()).trim() === text.toUpperCase(), `the answer to ${text}`);
    await until(async () => (await widget(page).evaluate((element) => element.remaining)) === left, `${left} left`);
  }
  await press(page, "three");
  await waitForState(page, "capped");
  assert.equal((await debits()).length, 2);
  assert.equal(await owner.available(), "23");
  await context.close();
});

test("a debit whose reply is lost is asked again under its key, and paid once", async () => {
  let cuts = 0;
  proxy.cut = (request) => request.method === "POST" && request.url === "/v1/debits" && ++cuts === 1;
  const { context, page } = await opened();
  await press(page, "still one");
  await waitForState(page, "done");
  assert.ok(cuts > 1, "it was asked again");
  assert.equal((await part(page, "output").innerText()).trim(), "STILL ONE");
  assert.equal((await debits()).length, 1);
  assert.equal(await owner.available(), "24");
  await context.close();
});

test("a debit whose reply is lost before a reload is paid once, and answered", async () => {
  let cuts = 0;
  proxy.cut = (request) => request.method === "POST" && request.url === "/v1/debits" && ++cuts > 0;
  const { context, page } = await opened();
  await press(page, "after all");
  await until(() => cuts > 0, "the reply to be lost");
  await page.reload();
  proxy.cut = () => false;
  await waitForState(page, "done");
  assert.equal((await part(page, "output").innerText()).trim(), "AFTER ALL");
  assert.equal((await debits()).length, 1);
  assert.equal(await owner.available(), "24");
  await context.close();
});
