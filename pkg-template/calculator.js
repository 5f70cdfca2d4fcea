// What <scrip-calculator> is made of. widget.js loads it when the first one stands in a page.
export { refresh } from "./calculator/element.js";
