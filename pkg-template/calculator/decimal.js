// Amounts are decimal text and stay that: they are compared as text, and a float only says how long a bar is drawn.

/** Which of two canonical decimals is the larger, as `sort` wants it. */
export const compare = (a, b) => {
  const [[whole, part = ""], [otherWhole, otherPart = ""]] = [a.split("."), b.split(".")];
  if (whole.length !== otherWhole.length) return whole.length - otherWhole.length;
  if (whole !== otherWhole) return whole < otherWhole ? -1 : 1;
  if (part === otherPart) return 0;
  return part.padEnd(9, "0") < otherPart.padEnd(9, "0") ? -1 : 1;
};

export const most = (decimals) => decimals.reduce((a, b) => (compare(a, b) < 0 ? b : a), "0");

/** How much of the scale an amount takes, for drawing: from 0 to 1. */
export const share = (amount, scale) => (scale === "0" ? 0 : Math.min(1, Number(amount) / Number(scale)));
