import { el } from "./dom.js";

/** An estimate's lines, margin, total, prices and assumptions. */
export const itemised = (app, estimate) => {
  const { say } = app;
  const cells = (...texts) => texts.map((text, place) => el("td", { class: place ? "right" : "" }, text));
  const rows = estimate.lines.map((line) =>
    el("tr", {},
      ...cells(say(`name.${line.unit}`), app.number(line.quantity), say("price", { credits: app.number(line.credits), per: app.compact(line.per) })),
      el("td.right.strong", {}, app.number(line.amount))));
  if (estimate.margin !== "0")
    rows.push(el("tr", {}, el("td", { colspan: 3 }, say("line.margin", { rate: app.rate() })), el("td.right.strong", {}, app.number(estimate.margin))));
  const head = ["unit", "quantity", "price", "amount"].map((name, place) =>
    el("th", { scope: "col", class: place ? "right" : "" }, say(`line.${name}`)));
  const table = el("table", { part: "lines" },
    el("caption.unseen", {}, say("line.title")),
    el("thead", {}, el("tr", {}, ...head)),
    el("tbody", {}, ...rows),
    el("tfoot", {}, el("tr", {}, el("th", { scope: "row", colspan: 3 }, say("total")), el("td.right.strong", {}, app.credits(estimate.total)))));
  return [table, ...assumptions(app, estimate), ...sources(app, estimate)];
};

export const assumptions = ({ say }, { assumptions }) =>
  assumptions.length === 0 ? [] : [
    el("p.small-title", {}, say("assumptions")),
    el("ul.small", { part: "assumptions" }, ...assumptions.map((words) => el("li", {}, words))),
  ];

const sources = ({ say, date }, { lines }) => {
  const told = lines.filter(({ source }) => source).map(({ source, valid_from: from }) =>
    from ? say("source.dated", { source, date: date(from) }) : say("source.undated", { source }));
  return [...new Set(told)].map((text) => el("p.small", {}, text));
};
