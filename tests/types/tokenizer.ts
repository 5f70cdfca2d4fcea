// "@scrip/embed/tokenizer" and the live preview, as an editor uses them.
import init, { PriceBook, Preview, type Estimate, type EstimateOptions } from "@scrip/embed";
import { Tokenizer } from "@scrip/embed/tokenizer";

await init();
const tokenizer: Tokenizer = await Tokenizer.load("o200k_base");
await Tokenizer.load("cl100k_base", new URL("https://example.org/cl100k_base.bin"));
await Tokenizer.load("cl100k_base", new Uint8Array());
// @ts-expect-error there is no such encoding
await Tokenizer.load("p50k_base");
// @ts-expect-error an address is a URL, so that a name is not taken for one
await Tokenizer.load("o200k_base", "o200k_base.bin");
// @ts-expect-error a tokenizer is loaded
new Tokenizer();
const count: number = tokenizer.count("rain");
const encoding: "o200k_base" | "cl100k_base" = tokenizer.encoding;

const options: EstimateOptions = { tokenizer, output_tokens: { expected: 200 } };
const preview: Preview = PriceBook.builtin().preview("openai/gpt-5.4", options);
const whole: Estimate = preview.setText("Write about rain");
const edited: Estimate = preview.edit(12, 16, "snow");
// @ts-expect-error positions are numbers
preview.edit("12", 16, "snow");
const now: Estimate = preview.estimate();
const tokens: number = preview.count();
preview.free();
console.log(count, encoding, whole.total, edited.total, now.total, tokens);
