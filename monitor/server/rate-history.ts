import type { RateSample } from '../snapshot.ts';

/** Most samples that are kept: as many as a plot has room for. */
const MOST_SAMPLES = 600;

/** Least time between two samples, and longest where nothing changes. */
const LEAST_MS = 1_000;
const MOST_MS = 10_000;

/** The rate of a table over time, in bounded memory: what is older is kept further apart. */
export interface RateHistory {
  /** So many points were settled at a moment; taken where it is due. */
  add(atMs: number, settled: number): void;
  readonly samples: readonly RateSample[];
}

/** A history without samples. */
export function openRateHistory(): RateHistory {
  let samples: readonly RateSample[] = [];
  return {
    add: (atMs, settled) => {
      const last = samples.at(-1);
      const sinceMs = last === undefined ? Infinity : atMs - last.atMs;
      if (sinceMs < LEAST_MS || (last?.settled === settled && sinceMs < MOST_MS)) return;
      const next = sampleAfter(last, atMs, settled);
      samples = samples.length < MOST_SAMPLES ? [...samples, next] : [...thinned(samples), next];
    },
    get samples() {
      return samples;
    },
  };
}

function sampleAfter(last: RateSample | undefined, atMs: number, settled: number): RateSample {
  // A retry takes points back: that is no rate.
  const perSecond = last === undefined ? 0 : Math.max(0, ((settled - last.settled) * 1000) / (atMs - last.atMs));
  return { atMs, settled, perSecond: Number(perSecond.toPrecision(6)) };
}

/** The samples with every second one of the older half left out; each rate is again that since the sample before. */
function thinned(samples: readonly RateSample[]): RateSample[] {
  const older = Math.floor(samples.length / 2);
  const kept = samples.filter((_, index) => index >= older || index % 2 === 0);
  return kept.map(({ atMs, settled }, index) => sampleAfter(kept[index - 1], atMs, settled));
}
