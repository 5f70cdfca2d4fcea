// "@scrip/embed/widget" and the loader, as a page's own script uses them.
import { ScripPickaxe, type PickaxeFields, type PickaxeState, type ScripPickaxeEventDetails } from "@scrip/embed/widget";
import "@scrip/embed/embed.js";
import book from "@scrip/embed/price-book.json" with { type: "json" };
import schema from "@scrip/embed/schema/price-book.json" with { type: "json" };

const element: ScripPickaxe = document.createElement("scrip-pickaxe");
const found: ScripPickaxe | null = document.querySelector("scrip-pickaxe");
element.addEventListener("scrip-done", ({ detail }) => {
  const output: string = detail.output;
  // @ts-expect-error a charge is text
  const charge: number = detail.charge;
  console.log(output, charge);
});
element.addEventListener("scrip-submit", (event: CustomEvent<ScripPickaxeEventDetails["scrip-submit"]>) => event.preventDefault());
element.addEventListener("scrip-run", ({ detail }) => element.answer(`about ${detail.debit.amount}`));
const fields: PickaxeFields = element.fields;
element.fields = { topic: "rain", rhymed: true };
const state: PickaxeState = element.state;
// @ts-expect-error the widget says where it stands, nobody else
element.state = "done";
// @ts-expect-error the visitor's runs are counted, not set
element.remaining = 5;
const left: number | null = element.remaining;
element.submit();
element.stop();
element.reset();

const models: { id: string }[] = book.models;
console.log(found, fields, state, left, models, schema.$id);
