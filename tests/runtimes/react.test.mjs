// The React wrapper in a server-side render: tags with their attributes, no window, no complaint.
import assert from "node:assert/strict";
import { it } from "node:test";

import { answer, application } from "./support/project.mjs";

it("@scrip/embed/react renders on a server", async () => {
  const folder = application("render-react", {
    "main.mjs": `import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { ScripCalculator, ScripPickaxe } from "@scrip/embed/react";
const complaints = [];
console.error = (...words) => complaints.push(words.join(" "));
const calculator = { models: ["openai/gpt-4", "azure/translate"], className: "wide", onEstimate() {} };
const pickaxe = { embed: "emb_1", visitorToken: "token", onDone() {} };
console.log(JSON.stringify({
  html: [createElement(ScripCalculator, calculator), createElement(ScripPickaxe, pickaxe, "Wait")].map((element) => renderToString(element)),
  complaints,
  window: typeof window,
}));
`,
  });
  assert.deepEqual(await answer(process.execPath, ["main.mjs"], folder), {
    html: [
      '<scrip-calculator models="openai/gpt-4 azure/translate" class="wide"></scrip-calculator>',
      '<scrip-pickaxe embed="emb_1" visitor-token="token">Wait</scrip-pickaxe>',
    ],
    complaints: [],
    window: "undefined",
  });
});
