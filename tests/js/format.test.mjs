// Amounts for people. Blanks differ between releases of ICU, so they are compared as one.
import assert from "node:assert/strict";
import { it } from "node:test";
import { load } from "./support/package.mjs";

const { default: init, formatCredits } = await load();
await init();
const shown = (amount, locale) => formatCredits(amount, locale).replace(/[\u00a0\u202f]/g, " ");

it("writes 2 to 9 decimals by locale, with the word of the language", () => {
  for (const [locale, text] of [
    ["en", "1,234.50 credits"], ["de", "1.234,50 Credits"], ["fr", "1 234,50 crédits"], ["pt", "1.234,50 créditos"],
    ["zh", "1,234.50 积分"], ["ja", "1,234.50 クレジット"], ["en-IN", "1,234.50 credits"],
  ]) {
    assert.equal(shown("1234.5", locale), text);
  }
  assert.match(shown("1234.5", "es"), /^1\.?234,50 créditos$/);
  assert.match(shown("3", "ar"), /\p{Script=Arabic}/u);
  assert.equal(shown("5", "sv"), "5,00 credits");
});

it("a small amount never reads as 0, and a large one loses nothing", () => {
  assert.equal(shown("0.000000001", "en"), "0.000000001 credits");
  assert.equal(shown("8999999999.999999999", "en"), "8,999,999,999.999999999 credits");
});

it("a leading minus is shown, but not for nothing", () => {
  assert.equal(shown("-0.5", "en"), "-0.50 credits");
  assert.equal(shown("-0", "en"), "0.00 credits");
  assert.equal(shown("0", "en"), "0.00 credits");
});

it("what is no amount or no locale is refused", () => {
  for (const odd of ["", "--1", "1-", "+1", "1e3", 1, null]) assert.throws(() => formatCredits(odd, "en"), { code: "invalid_decimal" });
  assert.throws(() => formatCredits("9000000001", "en"), { code: "overflow" });
  assert.throws(() => formatCredits("1", "not a locale"), { code: "invalid_options" });
});
