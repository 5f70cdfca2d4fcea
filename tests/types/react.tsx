// "@scrip/embed/react" in a component.
import { useRef } from "react";
import { ScripCalculator, ScripPickaxe, type ScripCalculatorProps, type ScripPickaxeProps } from "@scrip/embed/react";
import type { ScripCalculator as Calculator, ScripPickaxe as Pickaxe } from "@scrip/embed/widget";

const chosen: ScripCalculatorProps = { models: ["openai/gpt-4", "azure/translate"], credits: "5", margin: "0.20", theme: "dark" };
const embed: ScripPickaxeProps = { embed: "emb_1", endpoint: "https://scrip.example" };

export function Page() {
  const calculator = useRef<Calculator>(null);
  const pickaxe = useRef<Pickaxe>(null);
  return (
    <>
      <ScripCalculator {...chosen} ref={calculator} className="wide" onEstimate={({ detail }) => console.log(detail)} />
      <ScripPickaxe {...embed} ref={pickaxe} run="page" onRun={({ detail }) => pickaxe.current?.answer(detail.debit.amount)} />
      <ScripPickaxe {...embed} onSubmit={(event) => event.preventDefault()}>Wait</ScripPickaxe>
      {/* @ts-expect-error an embed is needed */}
      <ScripPickaxe run="page" />
      {/* @ts-expect-error a margin is text, so that it is exact */}
      <ScripCalculator margin={0.2} />
    </>
  );
}
