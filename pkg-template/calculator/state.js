// What is typed and chosen, and what attributes say of it at first.

const FIRST = 4;
const ORDER = { transcribe: ["transcribe"], write: ["translate", "generate"], speak: ["speak"] };

const list = (text) => [...new Set((text ?? "").split(/[\s,]+/).filter(Boolean))];

/** Fills `state` with what each attribute says that is not as it `was`; gives the ids that the book does not have. */
export const initial = (state, read, was, app) => {
  const says = (name) => read[name] !== was[name];
  const fresh = !state.answer;
  if (fresh) Object.assign(state, empty());
  if (fresh || says("models") || says("book")) {
    state.asked = list(read.models);
    state.chosen = read.models === null ? app.models.slice(0, FIRST).map(({ id }) => id) : state.asked.filter((id) => app.model(id));
  }
  if (fresh || (says("credits") && read.credits !== null)) state.credits = read.credits ?? "1";
  if (fresh || says("margin")) state.margin = read.margin ?? "";
  if (says("text") && read.text !== null) state.compare.values.text = read.text;
  if (fresh || says("pipeline") || says("book")) state.steps = (read.pipeline === null ? usual(app) : list(read.pipeline)).map((model) => step(model, { ...USUAL }));
  return [...new Set([...state.asked, ...list(read.pipeline)])].filter((id) => !app.model(id));
};

const USUAL = { tokens: "1000", characters: "10000", pages: "5", minutes: "10", images: "1", requests: "1" };
const USUAL_ROW = { ...USUAL, tokens: "400", characters: "2000", pages: "1", minutes: "1" };

const answer = () => ({ expected: "300", max: "" });

const empty = () => ({
  sort: "cheapest",
  compare: { kind: "text", values: { ...USUAL } },
  benchmark: { kind: "tokens", values: { ...USUAL_ROW } },
  answer: answer(),
  rows: "1000",
});

/** A new step of a pipeline. */
export const step = (model, values = {}) => ({ model, own: false, input: { kind: "text", values }, answer: answer() });

/** One step of each sort among the chosen models: something heard, written, spoken. */
const usual = (app) => {
  const chosen = app.chosen();
  const first = (tasks) => tasks.map((task) => chosen.find((model) => model.task === task)).find(Boolean);
  const found = Object.values(ORDER).map(first).filter(Boolean);
  return (found.length ? found : chosen.slice(0, 1)).map(({ id }) => id);
};
