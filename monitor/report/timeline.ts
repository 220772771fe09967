/** Moments of a line at most: more than a chart has pixels for serves nobody. */
const MOST_STEPS = 600;

/** Width of a step at first, in milliseconds; it doubles as the span grows. */
const FIRST_STEP_MS = 100;

/** How many there were by a moment. */
export interface Step {
  readonly atMs: number;
  readonly count: number;
}

/** Moments counted in steps of equal width, as they come: memory does not grow with how many there are. */
export interface Timeline {
  add(atMs: number): void;
  /** How many there were by the end of each step that has some, oldest first; begins with none at the first moment. */
  steps(): Step[];
}

/** A timeline without a moment; one that comes out of order is counted where it belongs, before the first with the first. */
export function openTimeline(): Timeline {
  let startMs: number | undefined;
  let stepMs = FIRST_STEP_MS;
  let counts = new Map<number, number>();

  /** Doubles the steps until one of them has the moment `sinceMs`. */
  const widenFor = (sinceMs: number): void => {
    if (sinceMs / stepMs < MOST_STEPS) return;
    stepMs *= 2;
    const merged = new Map<number, number>();
    for (const [index, count] of counts) merged.set(index >> 1, (merged.get(index >> 1) ?? 0) + count);
    counts = merged;
    widenFor(sinceMs);
  };
  return {
    add: (atMs) => {
      startMs ??= atMs;
      const sinceMs = Math.max(0, atMs - startMs);
      widenFor(sinceMs);
      const index = Math.floor(sinceMs / stepMs);
      counts.set(index, (counts.get(index) ?? 0) + 1);
    },
    steps: () => {
      if (startMs === undefined) return [];
      const beginMs = startMs;
      let sum = 0;
      const after = [...counts].toSorted(([one], [other]) => one - other).map(([index, count]) => ({ atMs: beginMs + (index + 1) * stepMs, count: (sum += count) }));
      return [{ atMs: beginMs, count: 0 }, ...after];
    },
  };
}
