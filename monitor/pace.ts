/** How many points had settled (stored or failed) at a moment. */
export interface Sample {
  /** Milliseconds on any clock that only goes forward. */
  readonly atMs: number;
  readonly settled: number;
}

/** Time over which a rate is measured: several batches of the sink, and still what happens now. */
const WINDOW_MS = 60_000;

/** `samples` (oldest first) with `next`, without those that the window has left behind; `next` alone where a retry took points back. */
export function withSample(samples: readonly Sample[], next: Sample): Sample[] {
  if (next.settled < (samples.at(-1)?.settled ?? 0)) return [next];
  const kept = samples.filter((one) => next.atMs - one.atMs <= WINDOW_MS);
  return [...kept, next];
}

/** Points a second between the first and the last of `samples`; undefined where they tell of no time yet. */
export function paceOf(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  return ((last.settled - first.settled) * 1000) / (last.atMs - first.atMs);
}
