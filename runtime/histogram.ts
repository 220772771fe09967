/** Upper bounds of the buckets in which seconds are counted; one bucket more takes what is above the last. */
export type Bounds = readonly number[];

/** Of what a point takes to compute: from a millisecond to three hours. */
export const POINT_SECONDS: Bounds = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000];

/** Of what a commit takes: from a fast disk's to that of a file server in trouble. */
export const COMMIT_SECONDS: Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How often something took how long: `counts` by bucket, and the sum of all. */
export interface Histogram {
  counts: number[];
  sum: number;
}

/** Nothing counted yet. */
export function emptyHistogram(bounds: Bounds): Histogram {
  return { counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 };
}

/** Counts one more in `histogram`, which has these bounds. */
export function observe(histogram: Histogram, bounds: Bounds, seconds: number): void {
  const at = bounds.findIndex((bound) => seconds <= bound);
  const bucket = at < 0 ? bounds.length : at;
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
  histogram.sum += seconds;
}

/** A histogram of `seconds` alone. */
export function one(bounds: Bounds, seconds: number): Histogram {
  const histogram = emptyHistogram(bounds);
  observe(histogram, bounds, seconds);
  return histogram;
}

/** Both together; they have the same bounds. */
export function together(a: Histogram, b: Histogram): Histogram {
  return { counts: a.counts.map((count, bucket) => count + (b.counts[bucket] ?? 0)), sum: a.sum + b.sum };
}

/** How many were counted. */
export function countOf({ counts }: Histogram): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
