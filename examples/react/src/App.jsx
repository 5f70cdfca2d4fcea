// Two ways to show costs in React: numbers of one's own by the package, and the ready-made calculator by its wrapper.
import { ScripCalculator } from "@scrip/embed/react";
import { formatCredits } from "@scrip/embed";
import { useState } from "react";
import { usePriceBook } from "./usePriceBook.js";

const dubbing = (minutes) => [
  { model: "aws/transcribe", usage: { minutes } },
  { model: "azure/translate" },
  { model: "google/text-to-speech" },
];

export function App() {
  const book = usePriceBook();
  const [minutes, setMinutes] = useState(45);
  const [seen, setSeen] = useState();
  const episode = book?.pipeline(dubbing(minutes));
  return (
    <main>
      <h1>Plan a podcast</h1>
      <section className="episode" aria-labelledby="episode">
        <h2 id="episode">One dubbed episode</h2>
        <label htmlFor="minutes">{minutes} minutes</label>
        <input id="minutes" type="range" min="5" max="180" step="5" value={minutes} onChange={(event) => setMinutes(event.target.valueAsNumber)} />
        <p className="cost" data-cost>{episode ? formatCredits(episode.total, "en") : "…"}</p>
        <ul>
          {episode?.lines.map((line) => (
            <li key={line.model}>
              {book.model(line.model).name} <span>{formatCredits(line.amount, "en")}</span>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="notes">
        <h2 id="notes">And its show notes</h2>
        <ScripCalculator
          className="calculator"
          modes={["compare"]}
          models={["openai/gpt-5-mini", "anthropic/claude-haiku-4-5", "google/gemini-3.5-flash"]}
          text="Write show notes for this episode, with five quotes and their minutes."
          onEstimate={({ detail }) => setSeen(detail)}
        />
        {seen && <p className="seen" data-seen>Last estimated: {book?.model(seen.lines[0].model).name}, {formatCredits(seen.total, "en")}</p>}
      </section>
    </main>
  );
}
