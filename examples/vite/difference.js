/** The one replacement that turns `was` into `now`, as `Preview.edit` wants it: where it starts, where it ends, what it puts in. */
export function difference(was, now) {
  const shorter = Math.min(was.length, now.length);
  let start = 0;
  while (start < shorter && was[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && was[was.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return [start, was.length - end, now.slice(start, now.length - end)];
}
