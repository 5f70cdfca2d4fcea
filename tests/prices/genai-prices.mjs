// Prints the data that the pinned release of genai-prices carries, as the JSON which that project publishes
// (prices/data.json). The package keeps it as a constant of its bundle and exports only what computes with it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bundle = readFileSync(fileURLToPath(import.meta.resolve("@pydantic/genai-prices")), "utf8");
const name = /^const (\w+) = \[\s*\{\s*id: "anthropic"/.exec(bundle)?.[1];
if (!name) throw new Error("the bundle of @pydantic/genai-prices does not begin with its providers any more");
const opened = `${bundle}\nexport { ${name} as providers };\n`;
const { providers } = await import(`data:text/javascript;base64,${Buffer.from(opened).toString("base64")}`);
process.stdout.write(JSON.stringify(providers));
