import { ScripError } from "../error.js";
import { answered, loaded, text } from "./load.js";

/** "credits" by plural category, as Intl.PluralRules names them. */
const WORDS = {
  en: { one: "credit", other: "credits" },
  de: { one: "Credit", other: "Credits" },
  fr: { one: "crédit", many: "de crédits", other: "crédits" },
  es: { one: "crédito", many: "de créditos", other: "créditos" },
  pt: { one: "crédito", many: "de créditos", other: "créditos" },
  zh: { other: "积分" },
  ja: { other: "クレジット" },
  ar: { zero: "رصيد", one: "رصيد", two: "رصيدان", few: "أرصدة", many: "رصيدًا", other: "رصيد" },
};

const DIGITS = { minimumFractionDigits: 2, maximumFractionDigits: 9 };

export function formatCredits(amount, locale) {
  const given = text(amount);
  const exact = answered(loaded().amount(given.replace(/^-/, "")));
  const signed = given.startsWith("-") && exact !== "0" ? `-${exact}` : exact;
  let numbers;
  try {
    numbers = new Intl.NumberFormat(locale, DIGITS);
  } catch {
    throw new ScripError("invalid_options", `${locale} is no locale`, "");
  }
  const used = numbers.resolvedOptions().locale;
  const words = WORDS[used.split("-")[0]] ?? WORDS.en;
  const category = new Intl.PluralRules(used, DIGITS).select(Number(exact));
  // Intl reads decimal text exactly; a float would lose nano-credits from 9 million credits on.
  return `${numbers.format(signed)} ${words[category] ?? words.other}`;
}
