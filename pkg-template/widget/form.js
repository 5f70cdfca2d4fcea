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
  const star = field.required ? [h("span", { class: "star", "aria-hidden": "true" }, " *")] : [];
  return h(
    "div",
    { class: field.kind === "checkbox" ? "field check" : "field", part: "field" },
    h("label", { for: "f" + place }, field.label || field.name, ...star),
    control(field, place),
    h("p", { id: "c" + place, class: "hint" }),
    h("p", { id: "e" + place, class: "fault" }),
  );
};

// The ids are those by which the Rust module finds the parts.
export const draw = ({ pickaxe }) =>
  h(
    "div",
    { class: "card", part: "card" },
    h("p", { id: "title", class: "title", part: "title" }, pickaxe.name ?? ""),
    h("p", { class: "about", part: "description" }, pickaxe.description ?? ""),
    h(
      "form",
      { id: "form", part: "form", novalidate: true, "aria-labelledby": "title" },
      ...pickaxe.fields.map(row),
      h(
        "div",
        { class: "bar" },
        h("button", { id: "submit", part: "submit", type: "submit" }, pickaxe.submit_label || "Submit"),
        h("button", { id: "stop", part: "stop", type: "button", class: "quiet", hidden: true }),
        h("p", { id: "remaining", part: "remaining" }),
      ),
    ),
    h("p", { id: "notice", class: "note", part: "notice", hidden: true }),
    h(
      "div",
      { id: "limit", class: "note", part: "notice", hidden: true },
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
        "div",
        { class: "bar" },
        h("p", { id: "answer-title" }),
        h("button", { id: "copy", part: "copy", type: "button", class: "quiet", hidden: true }),
      ),
      h("div", { id: "output", part: "output", tabindex: 0, role: "group", "aria-labelledby": "answer-title" }),
    ),
    h("slot", { name: "footer" }),
    h("p", { id: "status", role: "status" }),
  );

// What stands in place of a form that cannot be drawn, with a way to try again where there is one.
export const refuse = (text, retry) => {
  const button = retry ? [h("button", { type: "button", class: "quiet" }, "Try again")] : [];
  button[0]?.addEventListener("click", retry);
  return h("div", { class: "card", part: "card" }, h("p", { class: "note", part: "notice", role: "alert", "data-tone": "trouble" }, text), ...button);
};
