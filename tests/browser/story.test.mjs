// The main job, played on two origins with a real model: a pasted script, a visitor's run, the owner's credits.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, desktop, launch, open, part, phone, screenshot, state, visit, waitForState, widget } from "./support/browser.mjs";
import { signUp, startServer } from "./support/server.mjs";
import { pageWith, startSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

const text =
  "The city council met on Tuesday to discuss the new bicycle lanes. After two hours of debate, members voted seven to two " +
  "to build twelve kilometres of protected lanes along the river, starting in March.";

let browser, server, site, owner, visitor;

before(async () => {
  assert.ok(process.env.SCRIP_MODEL_URL, "SCRIP_MODEL_URL names a running model");
  browser = await launch();
  server = await startServer({ provider: process.env.SCRIP_MODEL_URL });
  site = await startSite();
  owner = await signUp(server);
  const embed = await owner.embed(site.url, { prompt_runs_per_user: 3 });
  site.pages["/"] = pageWith(embed.snippet);
});

after(async () => {
  await browser?.close();
  await site?.close();
  await server?.close();
});

async function press(page) {
  await widget(page).getByLabel("Your text").fill(text);
  await part(page, "submit").click();
}

test("a visitor without an account presses submit and a real model's words stream in", async () => {
  assert.equal(await owner.available(), "25");
  visitor = await visit(browser, `${site.url}/`);
  const { page } = visitor;
  await waitForState(page, "ready");
  assert.match(await part(page, "remaining").innerText(), /3/);
  await page.evaluate(() => {
    window.seen = [];
    document.addEventListener("scrip-delta", (event) => window.seen.push(event.detail));
  });
  await press(page);
  await waitForState(page, "done");
  const output = await part(page, "output").innerText();
  assert.ok(output.trim().split(/\s+/).length >= 5, `words came: ${output}`);
  const pieces = await page.evaluate(() => window.seen.length);
  assert.ok(pieces >= 3, `they came in ${pieces} pieces`);
  assert.match(await part(page, "remaining").innerText(), /2/);
  assert.deepEqual(page.faults, []);
});

test("the owner's balance is 24 and the transaction is listed with its item", async () => {
  assert.equal(await owner.available(), "24");
  const [transaction, ...others] = (await owner.transactions()).filter((row) => row.kind === "run");
  assert.equal(others.length, 0);
  assert.equal(transaction.amount, "-1");
  assert.equal(transaction.balance_after, "24");
  const { items, legs, usage } = await owner.get(`/v1/transactions/${transaction.id}`);
  assert.deepEqual(legs, [{ from: "allowance", amount: "1" }]);
  assert.equal(items.length, 1);
  assert.equal(items[0].unit, "run");
  assert.equal(items[0].amount, "1");
  assert.ok(Number(usage.output_tokens) > 0);
});

test("the page stays clean under axe, at desktop and phone size, light and dark", async () => {
  const { page } = visitor;
  for (const [size, viewport] of Object.entries({ desktop, phone })) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await screenshot(page, `story-done-${size}-${colorScheme}`);
      assert.deepEqual(await axe(page), [], `${size} ${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(desktop);
});

test("after the cap's last run the limit message and the return date show", async () => {
  const { page } = visitor;
  for (const left of ["1", "0"]) {
    await press(page);
    await until(async () => (await widget(page).evaluate((element) => element.remaining)) === Number(left), `${left} left`, { within: 180_000 });
    await until(async () => ["done", "capped"].includes(await state(page)), "the run to end", { within: 180_000 });
  }
  await until(async () => (await part(page, "notice").innerText()).includes("That was your last one this month."), "the limit message");
  const returns = new Date((await owner.get("/v1/account/returns")).returns[0].at);
  const date = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" }).format(returns);
  assert.ok((await part(page, "remaining").innerText()).includes(date), `the month of the return, ${date}, is on the page`);
  await screenshot(page, "story-capped");
  assert.deepEqual(await axe(page), []);
  assert.equal(await owner.available(), "22");
});

test("reload and a second tab do not reset it", async () => {
  const { context, page } = visitor;
  await page.reload();
  await waitForState(page, "capped");
  const second = await open(context, `${site.url}/`);
  await waitForState(second, "capped");
  const sent = [];
  second.on("request", (request) => sent.push(request.url()));
  await press(second);
  await waitForState(second, "capped");
  assert.deepEqual(sent, [], "the widget refuses by itself");
  assert.equal(await owner.available(), "22");
  await second.close();
});

test("another visitor still can run", async () => {
  const { context, page } = await visit(browser, `${site.url}/`);
  await waitForState(page, "ready");
  await press(page);
  await waitForState(page, "done");
  assert.equal(await owner.available(), "21");
  await context.close();
});
