// Replies that get lost, with and without a reload: every press ends in exactly one debit and one answer.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { launch, part, state, visit, waitForState, widget } from "./support/browser.mjs";
import { latch, startProvider } from "./support/provider.mjs";
import { startProxy } from "./support/proxy.mjs";
import { signUp, startServer } from "./support/server.mjs";
import { pageWith, startSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

const words = Array.from({ length: 12 }, (_, index) => `word${index} `);
const answer = words.join("").trim();

let browser, provider, server, proxy, site, owner;

before(async () => {
  browser = await launch();
  provider = await startProvider();
  server = await startServer({ provider: provider.url });
  proxy = await startProxy(server.url);
  site = await startSite();
});

beforeEach(async () => {
  owner = await signUp(server);
  const { snippet } = await owner.embed(site.url);
  // The page talks to the server through the proxy, as through a bad network.
  site.pages["/"] = pageWith(snippet.replaceAll(server.url, proxy.url));
  Object.assign(provider, { words, gate: async () => {}, refuse: null, calls: 0 });
  Object.assign(proxy, { cut: () => false, seen: [] });
});

after(async () => {
  await browser?.close();
  await site?.close();
  await proxy?.close();
  await server?.close();
  await provider?.close();
});

async function pressed() {
  const { context, page } = await visit(browser, `${site.url}/`);
  await waitForState(page, "ready");
  await widget(page).getByLabel("Your text").fill("Something to sum up");
  await part(page, "submit").click();
  return { context, page };
}

const isRun = (request) => request.method === "POST" && request.url === "/v1/runs";

async function oneDebitOneAnswer(page) {
  await waitForState(page, "done");
  assert.equal((await part(page, "output").innerText()).trim(), answer);
  assert.equal(await owner.available(), "24");
  const rows = await owner.transactions();
  assert.equal(rows.filter((row) => row.kind === "run").length, 1);
  assert.equal(provider.calls, 1);
  assert.equal((await owner.get("/v1/account")).balance.held, "0");
  assert.equal(await widget(page).evaluate((element) => element.remaining), 2);
}

test("a reply cut off in mid-stream, then a reload, ends in one debit and one answer", async () => {
  const rest = latch();
  provider.gate = async (word) => (word === words[4] ? rest.wait() : undefined);
  let cuts = 0;
  proxy.cut = (request, _, chunk) => isRun(request) && chunk.includes("word2") && ++cuts > 0;
  const { context, page } = await pressed();
  await until(() => cuts > 0, "the reply to be cut");
  proxy.cut = () => false;
  await page.reload();
  await until(async () => (await state(page)) === "running", "the run to be taken up again");
  rest.open();
  await oneDebitOneAnswer(page);
  assert.deepEqual(page.faults, []);
  await context.close();
});

test("a reply lost before its first byte, then a reload, ends in one debit and one answer", async () => {
  let cuts = 0;
  proxy.cut = (request) => isRun(request) && ++cuts > 0;
  const { context, page } = await pressed();
  await until(() => cuts > 0, "the reply to be lost");
  await page.reload();
  proxy.cut = () => false;
  await oneDebitOneAnswer(page);
  await context.close();
});

test("a stream that breaks goes on by itself where it stopped", async () => {
  let cuts = 0;
  proxy.cut = (request, _, chunk) => cuts === 0 && isRun(request) && chunk.includes("word3") && ++cuts > 0;
  const rest = latch();
  provider.gate = async (word) => (word === words[6] ? rest.wait() : undefined);
  const { context, page } = await pressed();
  await until(() => proxy.seen.some((line) => /^GET \/v1\/runs\/run_\w+\/events/.test(line)), "the stream to be taken up");
  rest.open();
  await oneDebitOneAnswer(page);
  await context.close();
});

test("a double click and Enter are one press", async () => {
  const { context, page } = await visit(browser, `${site.url}/`);
  await waitForState(page, "ready");
  await widget(page).getByLabel("Your text").fill("Something to sum up");
  await part(page, "submit").dblclick();
  await page.keyboard.press("Enter");
  await oneDebitOneAnswer(page);
  await context.close();
});

test("a stop after words have come is a run, and its words stay", async () => {
  const rest = latch();
  provider.gate = async (word) => (word === words[3] ? rest.wait() : undefined);
  const { context, page } = await pressed();
  await until(async () => (await part(page, "output").innerText()).includes("word2"), "words to come");
  await widget(page).evaluate((element) => element.stop());
  await waitForState(page, "done");
  assert.ok((await part(page, "output").innerText()).includes("word2"));
  assert.equal(await owner.available(), "24");
  rest.open();
  await context.close();
});

test("a server killed in mid-run and restarted charges nothing for the broken run, and a new press works", async () => {
  const rest = latch();
  provider.gate = async (word) => (word === words[3] ? rest.wait() : undefined);
  const port = Number(new URL(server.url).port);
  const { context, page } = await pressed();
  await until(async () => (await part(page, "output").innerText()).includes("word2"), "words to come");
  await server.stop("SIGKILL");
  provider.gate = async () => {};
  rest.open();
  const { folder } = server;
  server = await startServer({ provider: provider.url, data: folder, port });
  // The interrupted run is void; the stored key starts it again without another press, or the person does.
  await until(async () => ["done", "failed"].includes(await state(page)), "the widget to find out", { within: 60_000 });
  if ((await state(page)) === "failed") {
    await part(page, "submit").click();
    await waitForState(page, "done");
  }
  assert.equal((await part(page, "output").innerText()).trim(), answer);
  assert.equal(await owner.available(), "24");
  assert.equal((await owner.get("/v1/account")).balance.held, "0");
  await context.close();
});
