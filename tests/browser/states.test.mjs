// What a visitor is told when something is in the way: in plain words, with nothing typed lost and nothing charged.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { axe, launch, part, screenshot, state, visit, waitForState, widget } from "./support/browser.mjs";
import { latch, startProvider } from "./support/provider.mjs";
import { signUp, startServer } from "./support/server.mjs";
import { pageWith, startSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

let browser, provider, server, site, owner;

before(async () => {
  browser = await launch();
  provider = await startProvider();
  server = await startServer({ provider: provider.url });
  site = await startSite();
});

beforeEach(async () => {
  owner = await signUp(server);
  Object.assign(provider, { words: ["A ", "small ", "answer."], gate: async () => {}, refuse: null, calls: 0 });
});

after(async () => {
  await browser?.close();
  await site?.close();
  await server?.close();
  await provider?.close();
});

async function opened(settings = {}, origin = site.url) {
  const { snippet } = await owner.embed(origin, settings);
  site.pages["/"] = pageWith(snippet);
  return visit(browser, `${site.url}/`);
}

async function press(page) {
  await widget(page).getByLabel("Your text").fill("What I typed");
  await part(page, "submit").click();
}

async function told(page, words, name) {
  await until(async () => words.test(await part(page, "notice").innerText()), `the notice to say ${words}`);
  assert.equal(await widget(page).getByLabel("Your text").inputValue(), "What I typed");
  await screenshot(page, `state-${name}`);
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(page.faults, []);
}

test("out of credits is said honestly, and nothing is charged", async () => {
  await owner.send("POST", "/v1/debits", { amount: "25" });
  const { context, page } = await opened();
  await waitForState(page, "ready");
  await press(page);
  await told(page, /credits/i, "out-of-credits");
  assert.equal(await state(page), "failed");
  assert.equal(await remaining(page), 3);
  await context.close();
});

test("a provider that refuses costs nothing, and the next press works", async () => {
  provider.refuse = 500;
  const { context, page } = await opened();
  await waitForState(page, "ready");
  await press(page);
  await told(page, /not counted/i, "provider-failed");
  assert.equal(await owner.available(), "25");
  assert.equal(await remaining(page), 3);
  provider.refuse = null;
  await part(page, "submit").click();
  await waitForState(page, "done");
  assert.equal(await owner.available(), "24");
  await context.close();
});

test("offline keeps the press and sends it when the connection is back", async () => {
  const { context, page } = await opened();
  await waitForState(page, "ready");
  await context.setOffline(true);
  await press(page);
  await told(page, /offline/i, "offline");
  await context.setOffline(false);
  await waitForState(page, "done");
  assert.equal(await owner.available(), "24");
  await context.close();
});

test("a closed embed says so and cannot be pressed", async () => {
  const { context, page } = await opened({ prompt_runs_per_user: 0, limit_message: "Closed until spring." });
  await waitForState(page, "capped");
  assert.match(await part(page, "notice").innerText(), /Closed until spring\./);
  await press(page);
  // A press asks the cap anew, under its lock.
  await waitForState(page, "capped");
  assert.equal(provider.calls, 0);
  await screenshot(page, "state-closed");
  assert.deepEqual(await axe(page), []);
  await context.close();
});

test("an unlimited embed shows no count", async () => {
  const { context, page } = await opened({ prompt_runs_per_user: null });
  await waitForState(page, "ready");
  await press(page);
  await waitForState(page, "done");
  assert.equal(await remaining(page), null);
  await context.close();
});

test("a page whose origin the embed does not allow is told so, and nothing runs", async () => {
  const { context, page } = await opened({}, "https://elsewhere.example");
  await until(async () => (await state(page)) === "failed", "the widget to refuse");
  assert.equal(provider.calls, 0);
  assert.equal(await owner.available(), "25");
  await screenshot(page, "state-foreign-origin");
  await context.close();
});

test("a secret key in the page is refused before anything is sent with it", async () => {
  const { snippet } = await owner.embed(site.url);
  site.pages["/"] = pageWith(
    snippet + `<scrip-pickaxe id="leaky" embed="${/emb_\w+/.exec(snippet)[0]}" endpoint="${server.url}" visitor-token="${owner.secret_key}"></scrip-pickaxe>`,
  );
  const { context, page } = await visit(browser, "about:blank");
  const sent = [];
  page.on("request", (request) => sent.push(JSON.stringify(request.headers()) + request.url() + request.postData()));
  await page.goto(`${site.url}/`);
  await page.waitForFunction(() => document.querySelector("#leaky").state === "failed");
  await page.locator("#leaky").getByText(/secret key/i).waitFor();
  assert.ok(sent.every((line) => !line.includes(owner.secret_key)));
  await context.close();
});

test("a moved slider acts on a page that is loaded afterwards", async () => {
  const embed = await owner.embed(site.url, { prompt_runs_per_user: 1 });
  site.pages["/"] = pageWith(embed.snippet);
  const { context, page } = await visit(browser, `${site.url}/`);
  await waitForState(page, "ready");
  await press(page);
  await waitForState(page, "done");
  assert.equal(await remaining(page), 0);
  await moveSlider(embed, 4);
  await reloadAnew(page);
  await until(async () => (await remaining(page)) === 3, "three runs to be left");
  await context.close();
});

test("a moved slider acts on a run that goes on after a reload, and the server's present count holds at its end", async () => {
  const embed = await owner.embed(site.url, { prompt_runs_per_user: 1 });
  site.pages["/"] = pageWith(embed.snippet);
  const gate = latch();
  provider.gate = (word) => (word === provider.words[0] ? undefined : gate.wait());
  const { context, page } = await visit(browser, `${site.url}/`);
  await waitForState(page, "ready");
  await press(page);
  await until(async () => (await part(page, "output").innerText()).trim() === "A", "the first word");
  await moveSlider(embed, 4);
  await reloadAnew(page);
  await until(async () => (await part(page, "output").innerText()).trim() === "A", "the first word, told again");
  assert.equal(await remaining(page), 3);
  // Without a count of its own the page takes over the server's.
  await page.evaluate(() => Object.keys(localStorage).forEach((key) => key.endsWith(":cap") && localStorage.removeItem(key)));
  assert.equal(await remaining(page), 4);
  gate.open();
  await waitForState(page, "done");
  await until(async () => (await remaining(page)) === 3, "three runs to be left by the server's count");
  assert.equal(await owner.available(), "24");
  assert.deepEqual(page.faults, []);
  await context.close();
});

const remaining = (page) => widget(page).evaluate((element) => element.remaining);

async function moveSlider({ id, snippet, ...settings }, runs) {
  await owner.send("PUT", `/v1/embeds/${id}/settings`, { ...writable(settings), prompt_runs_per_user: runs });
}

// The public config may be cached for up to a minute; a reload that bypasses the cache is what a new visitor sees.
async function reloadAnew(page) {
  // Routing switches the browser's cache off.
  await page.route("**/*", (route) => route.continue());
  await page.reload();
}

function writable({ allowed_origins, window_seconds, limit_message, limit_url, theme, locale, daily_budget }) {
  return { allowed_origins, window_seconds, limit_message, limit_url, theme, locale, daily_budget };
}
