// Every export of "@scrip/embed", used as an application would.
import init, {
  Allowance, PriceBook, ScripError, fetchPriceBook, formatCredits,
  type Affordance, type BenchmarkEstimate, type BenchmarkRequest, type Comparison, type Conversions, type Decimal, type Estimate,
  type EstimateOptions, type Line, type Model, type PipelineEstimate, type PipelineStep, type Price, type Quantity, type ScripErrorCode,
  type Unit, type Usage,
} from "@scrip/embed";

const loaded: Promise<void> = init();
await init(new URL("https://example.org/scrip_bg.wasm"));
await init(new Uint8Array(await (await fetch("https://example.org/scrip_bg.wasm")).arrayBuffer()));
await init(new WebAssembly.Module(new Uint8Array()));
// @ts-expect-error nothing is no source
await init(null);
await loaded;

const book: PriceBook = PriceBook.builtin();
const own = PriceBook.parse({ version: 1, models: [] });
PriceBook.parse(JSON.stringify(own.toJSON()));
const served: PriceBook = await fetchPriceBook("https://example.org/v1/price-book");
// @ts-expect-error a book is made by builtin or parse
new PriceBook();

const models: Model[] = served.models(new Date());
const row: Model | undefined = book.model("openai/gpt-4");
// @ts-expect-error the model may not be there
row.id;
const prices: Price[] = row?.prices ?? [];
const unit: Unit | undefined = prices[0]?.unit;
// @ts-expect-error there is no such unit
const wrong: Unit = "word";
const encoding: "o200k_base" | "cl100k_base" | undefined = row?.tokenizer;

const conversions: Conversions = { characters_per_page: 1800, characters_per_token: "4.5" };
const options: EstimateOptions = { at: new Date(), margin: "0.20", output_tokens: { expected: 40, max: "100" }, conversions };
// @ts-expect-error a margin is a decimal in text, so that it is exact
const float: EstimateOptions = { margin: 0.2 };
const usage: Usage = { text: "Write a haiku", output_tokens: "17" };
// @ts-expect-error units are named exactly
const misspelt: Usage = { input_token: 5 };

const estimate: Estimate = book.estimate("openai/gpt-4", usage, options);
const total: Decimal = estimate.total;
// @ts-expect-error amounts are text, never numbers
const sum: number = estimate.total;
// @ts-expect-error the highest may not be known
const high: string = estimate.high;
const lines: Line[] = estimate.lines;
const amounts: string[] = lines.map(({ amount, quantity, per }) => `${amount} ${quantity} ${per}`);
const said: string[] = estimate.exact ? [] : estimate.assumptions;

const steps: PipelineStep[] = [{ model: "aws/transcribe", usage: { minutes: 10 } }, { model: "azure/translate" }];
const pipeline: PipelineEstimate = book.pipeline(steps, { margin: "0.1" });
const first: Estimate | undefined = pipeline.steps[0];
const request: BenchmarkRequest = { models: ["openai/gpt-4"], rows: 500, per_row: { input_tokens: 200 } };
const benchmark: BenchmarkEstimate = book.benchmark(request);
const byModel: { model: string; total: string }[] = benchmark.by_model;
const comparison: Comparison[] = book.compare(models.map(({ id }) => id), { characters: 10 });
const failed: (ScripErrorCode | undefined)[] = comparison.map(({ error }) => error?.code);
const affordances: Affordance[] = book.afford("1", "azure/translate", { conversions });
const pages: string | undefined = affordances[0]?.human?.quantity;
// @ts-expect-error requests and runs have no human unit
affordances[0].human.quantity;
const quantity: Quantity = Math.random() < 0.5 ? "1.5" : 1.5;

const allowance = new Allowance({ capacity: "25", windowSeconds: null });
// @ts-expect-error a capacity is needed
new Allowance({});
const spentAt: Date = allowance.spend("1", Date.now());
const released: Decimal = allowance.refund("0.5", spentAt, new Date());
allowance.setCapacity("30", spentAt);
const returns: { at: Date; amount: string }[] = allowance.returns(0);
const available: string = Allowance.fromJSON(allowance.toJSON()).available(Date.now());
// @ts-expect-error amounts are text
allowance.spend(1, Date.now());

const shown: string = formatCredits("-0.5", "de");
try {
  book.estimate("nobody/nothing", {});
} catch (error) {
  if (error instanceof ScripError) {
    const code: ScripErrorCode = error.code;
    const path: string | undefined = error.path;
    // @ts-expect-error there is no such code
    if (code === "out_of_cheese") console.log(path);
  }
}

console.log(unit, wrong, encoding, float, misspelt, total, sum, high, amounts, said, first, byModel, failed, pages, quantity, released, returns, available, shown);
