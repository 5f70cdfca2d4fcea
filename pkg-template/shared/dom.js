// An element with its attributes and children. DOM calls only: no HTML sink, so any page policy is met.
// "p.hint" has a class; an attribute that is a function listens; what is absent or false is left out. Buttons do not submit.
export const h = (tag, attributes = {}, ...children) => {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  if (name === "button") element.type = name;
  for (const [name, value] of Object.entries(attributes))
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) element.setAttribute(name, value === true ? "" : value);
  element.append(...children);
  return element;
};
