// <scrip-calculator>, and both elements as components of React.
import type { Estimate } from "@scrip/embed";
import { ScripCalculator, ScripPickaxe } from "@scrip/embed/react";
import type { CalculatorMode, ScripCalculator as CalculatorElement, ScripPickaxe as PickaxeElement } from "@scrip/embed/widget";
import { useRef } from "react";

const element: CalculatorElement = document.createElement("scrip-calculator");
document.addEventListener("scrip-estimate", ({ detail }) => {
  const estimate: Estimate = detail;
  // @ts-expect-error an amount is text
  const total: number = estimate.total;
  console.log(element, total);
});

const modes: CalculatorMode[] = ["afford", "compare"];

export function Page() {
  const calculator = useRef<CalculatorElement>(null);
  const pickaxe = useRef<PickaxeElement>(null);
  return (
    <main>
      <ScripCalculator ref={calculator} className="wide" models={["openai/gpt-4", "azure/translate"]} modes={modes} credits="1" margin="0.20" theme="dark"
        lang="de" onEstimate={({ detail }) => console.log(detail.total, calculator.current)} />
      <ScripCalculator models="openai/gpt-4 azure/translate" book="/price-book.json" text="Hello" />
      {/* @ts-expect-error there is no such way to calculate */}
      <ScripCalculator modes={["guess"]} />
      <ScripPickaxe ref={pickaxe} embed="emb_1" endpoint="https://example.com" run="page" visitorToken="token"
        onSubmit={(event) => event.preventDefault()}
        onRun={({ detail }) => pickaxe.current?.answer(`about ${detail.debit.amount}`)}
        onDone={({ detail }) => console.log(detail.output, pickaxe.current?.remaining)}
        onError={({ detail }) => console.log(detail.code)}>
        <p slot="capped">That was all.</p>
      </ScripPickaxe>
      {/* @ts-expect-error an embed is named */}
      <ScripPickaxe />
    </main>
  );
}
