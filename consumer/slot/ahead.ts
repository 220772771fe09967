/**
 * Time worth of points that a thread is given ahead. Between them it never waits for the event loop, and the event loop
 * wakes for several rows at once: in caches that the computation has emptied, each waking costs as much as a row.
 */
const AHEAD_SECONDS = 0.1;

/** Most points ahead: a row each is in memory until it is delivered. */
const MAX_AHEAD = 32;

/** How many computations a thread may hold, one of them running, when the last one took `seconds`; 1 for long ones. */
export function placesOf(seconds: number): number {
  return 1 + Math.min(MAX_AHEAD, Math.floor(AHEAD_SECONDS / Math.max(seconds, AHEAD_SECONDS / MAX_AHEAD)));
}

/** How long a thread keeps answers back while it has more to do: half of what it is given ahead. */
export const HOLD_MS = (1000 * AHEAD_SECONDS) / 2;
