import { setTimeout as pause } from "node:timers/promises";

/** Waits for a condition, never for a time: polls until `condition` answers something true. */
export async function until(condition, what, { within = 30_000 } = {}) {
  const deadline = Date.now() + within;
  let failure;
  while (Date.now() < deadline) {
    try {
      const value = await condition();
      if (value) return value;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await pause(25);
  }
  throw new Error(`waited ${within} ms for ${what}`, { cause: failure });
}
