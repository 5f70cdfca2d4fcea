// Times and figures. One JSON object a line, as `cargo xtask bench` reads them.

export function time(work) {
  const at = performance.now();
  work();
  return performance.now() - at;
}

export function quantile(times, share) {
  return times.sort((a, b) => a - b)[Math.floor(times.length * share)];
}

/** Prints figures of one group. `bound` is text like "≤ 10", which decides whether the value holds. */
export const figures = (group) => (name, value, unit, bound = null) => {
  const limit = bound && Number(bound.slice(2));
  const met = bound && (bound[0] === "≤" ? value <= limit : value >= limit);
  console.log(JSON.stringify({ group, name, value: Number(value.toPrecision(4)), unit, bound, met }));
};

/** xorshift, seeded: every run measures the same. */
export function random(seed) {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/**
 * The median time in microseconds of each of these works, in turns and in one run: `each` calls of one work are timed together, so that
 * the clock's own grain does not count.
 */
export function medians(works, { rounds = 60, each = 20 } = {}) {
  const times = new Map(works.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, work] of works) {
      const took = time(() => {
        for (let i = 0; i < each; i += 1) work();
      });
      // The first rounds are the compiler's.
      if (round >= rounds / 6) times.get(name).push((took / each) * 1_000);
    }
  }
  return new Map([...times].map(([name, taken]) => [name, quantile(taken, 0.5)]));
}
