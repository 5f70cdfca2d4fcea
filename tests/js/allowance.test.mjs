// The rolling allowance as JavaScript has it. The machine itself is tested natively.
import assert from "node:assert/strict";
import { it } from "node:test";
import { load } from "./support/package.mjs";

const { default: init, Allowance } = await load();
await init();

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 0, 15, 12);

it("a credit spent at t is back at t + 30 days, inclusive, and not a millisecond before", () => {
  const allowance = new Allowance({ capacity: "1" });
  const at = allowance.spend("1", new Date(NOON));
  assert.ok(at instanceof Date);
  assert.equal(at.getTime(), NOON);
  assert.equal(allowance.available(NOON + 30 * DAY - 1), "0");
  assert.equal(allowance.available(NOON + 30 * DAY), "1");
  assert.deepEqual(allowance.returns(NOON), [{ at: new Date(NOON + 30 * DAY), amount: "1" }]);
  assert.deepEqual(allowance.returns(NOON + 30 * DAY), []);
});

it("too much is insufficient_credits and changes nothing; \"0\" changes nothing either", () => {
  const allowance = new Allowance({ capacity: "2.5", windowSeconds: 60 });
  allowance.spend("1", NOON);
  const before = JSON.stringify(allowance);
  assert.throws(() => allowance.spend("1.500000001", NOON + 5), { name: "ScripError", code: "insufficient_credits" });
  assert.equal(JSON.stringify(allowance), before);
  assert.equal(allowance.spend("0", NOON + 7).getTime(), NOON + 7);
  assert.equal(JSON.stringify(allowance), before);
  allowance.spend("1.5", NOON + 9);
  assert.equal(allowance.available(NOON + 9), "0");
});

it("a time before the last change counts as the last change", () => {
  const allowance = new Allowance({ capacity: "2" });
  allowance.spend("1", NOON);
  assert.equal(allowance.spend("1", NOON - DAY).getTime(), NOON);
  assert.deepEqual(allowance.returns(0), [{ at: new Date(NOON + 30 * DAY), amount: "2" }]);
});

it("a refund gives back what is still out, says \"0\" for what had returned, and never exceeds its spend", () => {
  const allowance = new Allowance({ capacity: "3" });
  const at = allowance.spend("2", NOON);
  assert.equal(allowance.refund("0.5", at, NOON + DAY), "0.5");
  assert.equal(allowance.available(NOON + DAY), "1.5");
  assert.throws(() => allowance.refund("1.6", at, NOON + DAY), { code: "refund_exceeds_debit" });
  assert.equal(allowance.refund("1", at, NOON + 30 * DAY), "0");
  assert.equal(allowance.available(NOON + 30 * DAY), "3");
  assert.throws(() => allowance.refund("0.6", at, NOON + 30 * DAY), { code: "refund_exceeds_debit" });
  assert.throws(() => allowance.refund("1", NOON + 1, NOON + 31 * DAY), { code: "refund_exceeds_debit" });
});

it("a capacity acts at once and claws nothing back", () => {
  const allowance = new Allowance({ capacity: "5" });
  allowance.spend("4", NOON);
  allowance.setCapacity("2", NOON);
  assert.equal(allowance.available(NOON), "0");
  allowance.setCapacity("10", NOON);
  assert.equal(allowance.available(NOON), "6");
});

it("without a window nothing ever returns", () => {
  const allowance = new Allowance({ capacity: "1", windowSeconds: null });
  allowance.spend("1", NOON);
  assert.deepEqual(allowance.returns(NOON), []);
  assert.equal(allowance.available(8.64e15), "0");
});

it("the state survives JSON, and damage is invalid_state", () => {
  const allowance = new Allowance({ capacity: "3", windowSeconds: 60 });
  assert.deepEqual(Allowance.fromJSON(allowance.toJSON()).toJSON(), allowance.toJSON());
  const first = allowance.spend("1", NOON);
  allowance.spend("1", NOON + 61_000);
  const again = Allowance.fromJSON(JSON.parse(JSON.stringify(allowance)));
  assert.deepEqual(again.toJSON(), allowance.toJSON());
  assert.equal(again.refund("1", first, NOON + 61_000), "0");
  assert.equal(again.available(NOON + 61_000), "2");
  const good = JSON.parse(JSON.stringify(allowance));
  for (const damage of [
    null, undefined, 5, "{}", {}, [],
    { ...good, capacity: "-1" }, { ...good, capacity: 3 }, { ...good, windowSeconds: 0 }, { ...good, at: "soon" }, { ...good, at: null },
    { ...good, spends: {} }, { ...good, spends: [...good.spends].reverse() }, { ...good, extra: 1 },
    { ...good, spends: [{ at: good.at, amount: "9000000000" }, { at: good.at, amount: "1" }] },
    { ...good, spends: [{ at: "2026-01-15T12:00:00.000Z", amount: "9000000000.1" }] },
  ]) {
    assert.throws(() => Allowance.fromJSON(damage), { code: "invalid_state" }, JSON.stringify(damage));
  }
});

it("bad arguments have their codes and leave the state alone", () => {
  const allowance = new Allowance({ capacity: "1" });
  for (const amount of [1, "", "-1", "1e0", "1.0000000001", null, undefined]) {
    assert.throws(() => allowance.spend(amount, NOON), { code: "invalid_decimal" }, String(amount));
  }
  assert.throws(() => allowance.spend("9000000001", NOON), { code: "overflow" });
  for (const at of [NaN, 0.5, Infinity, new Date(NaN), "now", undefined, null, 8.64e15 + 1]) {
    assert.throws(() => allowance.spend("1", at), { code: "invalid_options" }, String(at));
    assert.throws(() => allowance.available(at), { code: "invalid_options" });
  }
  assert.equal(allowance.available(NOON), "1");
  for (const windowSeconds of [0, -1, 0.5, NaN, "60", 2 ** 32]) {
    assert.throws(() => new Allowance({ capacity: "1", windowSeconds }), { code: "invalid_options", path: "/windowSeconds" });
  }
  assert.throws(() => new Allowance({}), { code: "invalid_decimal", path: "/capacity" });
  assert.throws(() => new Allowance({ capacity: "1", window: 60 }), { code: "unknown_field", path: "/window" });
  assert.throws(() => new Allowance(), { code: "invalid_options" });
});
