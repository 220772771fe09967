import { setTimeout as delay } from 'node:timers/promises';

/** Interval at which a state is looked at. */
const LOOK_MS = 20;

/** Longest wait for a state where the caller names none: far beyond what an idle machine needs. */
const TIMEOUT_MS = 30_000;

/**
 * What `look` returns once that is neither undefined nor false; looks every 20 ms. Throws where that takes longer than
 * `timeoutMs`: the error says what was waited for, and what `look` threw last, if it did.
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = TIMEOUT_MS,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    let thrown: unknown;
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      thrown = error;
    }
    if (performance.now() > deadlineMs) throw new Error(`waited ${timeoutMs} ms for this: ${what}`, { cause: thrown });
    await delay(LOOK_MS);
  }
}
