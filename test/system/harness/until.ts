import { setTimeout as delay } from 'node:timers/promises';

/** Interval at which a state is looked at. */
const LOOK_MS = 20;

/** Longest wait for a state where the caller names none: far beyond what a slow and busy machine needs. */
const TIMEOUT_MS = 90_000;

/** Longest time between two looks that counts as waited: a machine that stood still for longer did nothing else either. */
const LONGEST_LOOK_MS = 1_000;

/**
 * What `look` returns once that is neither undefined nor false; looks every 20 ms. Throws where that takes longer than
 * `timeoutMs`: the error says what was waited for, and what `look` threw last, if it did.
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = TIMEOUT_MS,
): Promise<T> {
  let [waitedMs, lastMs] = [0, performance.now()];
  for (;;) {
    let thrown: unknown;
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      thrown = error;
    }
    const sinceMs = performance.now() - lastMs;
    lastMs += sinceMs;
    waitedMs += Math.min(sinceMs, LONGEST_LOOK_MS);
    if (waitedMs > timeoutMs) throw new Error(`waited ${timeoutMs} ms for this: ${what}`, { cause: thrown });
    await delay(LOOK_MS);
  }
}
