// An element with its attributes and children. DOM calls only: no HTML sink, so any page policy is met.
export const h = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value != null && value !== false) element.setAttribute(name, value === true ? "" : value);
  element.append(...children);
  return element;
};
