export { h as el } from "../shared/dom.js";

/** Says it, unless it already stands there: an unchanged page is not laid out again. */
export const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
};

/** Children in this order, moving none that stands right already, and without losing the focus. */
export const arrange = (parent, children) => {
  const focused = parent.getRootNode().activeElement;
  const keep = new Set(children);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  let at = parent.firstElementChild;
  for (const child of children)
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  if (focused && parent.contains(focused) && parent.getRootNode().activeElement !== focused) focused.focus();
};

let made = 0;

/** An id that no other calculator of the page has. */
export const id = (name) => `${name}${++made}`;
