/** Points of a table whose durations are remembered: an outlier stops the taking early for so many points, no longer. */
const REMEMBERED = 64;

/** What the next point may take beyond the longest remembered one. */
const HEADROOM = 1.25;

/** Share of the latest point in the running mean. */
const LATEST_SHARE = 0.1;

/** What the points of each table take. */
export interface Durations {
  learn(table: string, seconds: number): void;
  /** Seconds within which the next point of the table ends in all likelihood; undefined before the first. */
  upper(table: string): number | undefined;
  /** Running mean over the points of all tables, in seconds; undefined before the first. */
  readonly mean: number | undefined;
}

/** Durations of nothing yet. The longest of the last points is the upper estimate: half of the points exceed a mean. */
export function openDurations(): Durations {
  const recent = new Map<string, number[]>();
  let mean: number | undefined;
  return {
    learn: (table, seconds) => {
      recent.set(table, [...(recent.get(table) ?? []), seconds].slice(-REMEMBERED));
      mean = mean === undefined ? seconds : mean + LATEST_SHARE * (seconds - mean);
    },
    upper: (table) => {
      const seconds = recent.get(table);
      return seconds === undefined ? undefined : HEADROOM * Math.max(...seconds);
    },
    get mean() {
      return mean;
    },
  };
}
