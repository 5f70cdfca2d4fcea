// Draws the form from the embed's config. DOM calls only: no HTML sink, so any page policy is met.
import { h } from "../shared/dom.js";

const option = (choice) => {
  const { value, label } = choice?.value == null ? { value: choice } : choice;
  return h("option", { value }, label ?? value);
};

const control = (field, place) => {
  const { kind, placeholder, required, options } = field;
  const shared = {
    id: "f" + place,
    name: field.name,
    "aria-required": required && "true",
    "aria-describedby": `c${place} e${place}`,
  };
  if (kind === "textarea") return h("textarea", { ...shared, placeholder, rows: 4 });
  if (kind === "select") {
    const none = h("option", { value: "" }, placeholder || "–");
    return h("select", shared, none, ...(options ?? []).map(option));
  }
  if (kind === "checkbox") return h("input", { ...shared, type: "checkbox" });
  return h("input", { ...shared, placeholder, ...(kind === "number" ? { type: "number", step: "any" } : { type: "text" }) });
};

const row = (field, place) => {
  const star = field.required ? [h("span.star", { "aria-hidden": "true" }, " *")] : [];
  return h(
    "div",
    { class: field.kind === "checkbox" ? "field check" : "field", part: "field" },
    h("label", { for: "f" + place }, field.label || field.name, ...star),
    control(field, place),
    h("p.hint", { id: "c" + place }),
    h("p.fault", { id: "e" + place }),
  );
};

// The ids are those by which the Rust module finds the parts.
export const draw = ({ pickaxe }) =>
  h(
    "div.card",
    { part: "card" },
    h("p.title", { id: "title", part: "title" }, pickaxe.name ?? ""),
    h("p.about", { part: "description" }, pickaxe.description ?? ""),
    h(
      "form",
      { id: "form", part: "form", novalidate: true, "aria-labelledby": "title" },
      ...pickaxe.fields.map(row),
      h(
        "div.bar",
        {},
        h("button", { id: "submit", part: "submit", type: "submit" }, pickaxe.submit_label || "Submit"),
        h("button.quiet", { id: "stop", part: "stop", hidden: true }),
        h("p", { id: "remaining", part: "remaining" }),
      ),
    ),
    h("p.note", { id: "notice", part: "notice", hidden: true }),
    h(
      "div.note",
      { id: "limit", part: "notice", hidden: true },
      h(
        "slot",
        { name: "capped" },
        h("p", { id: "limit-message" }),
        h("a", { id: "limit-link", target: "_blank", rel: "noopener", hidden: true }),
      ),
    ),
    h(
      "div",
      { id: "answer", part: "answer", hidden: true },
      h(
        "div.bar",
        {},
        h("p", { id: "answer-title" }),
        h("button.quiet", { id: "copy", part: "copy", hidden: true }),
      ),
      h("div", { id: "output", part: "output", tabindex: 0, role: "group", "aria-labelledby": "answer-title" }),
    ),
    h("slot", { name: "footer" }),
    h("p.unseen", { id: "status", role: "status" }),
  );

// What stands in place of a form that cannot be drawn, with a way to try again where there is one.
export const refuse = (text, retry) => {
  const button = retry ? [h("button.quiet", {}, "Try again")] : [];
  button[0]?.addEventListener("click", retry);
  return h("div.card", { part: "card" }, h("p.note", { part: "notice", role: "alert", "data-tone": "trouble" }, text), ...button);
};
