import type { Bin } from '../chart/histogram.ts';

/** Bins of a decade: a value is known to within 10^(1/200), about 1 %. */
const PER_DECADE = 200;

/** Range of the bins: from a microsecond to some thirty years, where the values are seconds. */
const DECADES = { from: -6, to: 9 };

/** Bars of a histogram of them, at most. */
const MOST_BARS = 40;

/** Numbers above 0 counted in bins of equal ratio: memory does not grow with how many there are. */
export interface LogBins {
  add(value: number): void;
  /** The quantile `q` of 0 to 1, to within 1 %; undefined where there are no numbers. */
  quantile(q: number): number | undefined;
  /** Few bins that hold them all, without gaps; none where there are no numbers. */
  bars(): Bin[];
}

/** Bins that hold nothing yet; what is smaller or greater than they go counts in the outermost. */
export function openLogBins(): LogBins {
  const counts = new Float64Array((DECADES.to - DECADES.from) * PER_DECADE);
  const edge = (index: number): number => 10 ** (DECADES.from + index / PER_DECADE);
  const indexOf = (value: number): number => Math.min(counts.length - 1, Math.max(0, Math.floor((Math.log10(value) - DECADES.from) * PER_DECADE)));
  let total = 0;
  return {
    add: (value) => {
      const index = value > 0 ? indexOf(value) : 0;
      counts[index] = (counts[index] ?? 0) + 1;
      total++;
    },
    quantile: (q) => {
      if (total === 0) return undefined;
      let below = 0;
      const index = counts.findIndex((count) => (below += count) > 0 && below >= q * total);
      return Math.sqrt(edge(index) * edge(index + 1));
    },
    bars: () => {
      const first = counts.findIndex((count) => count > 0);
      if (first < 0) return [];
      const last = counts.findLastIndex((count) => count > 0);
      const each = Math.max(5, Math.ceil((last + 1 - first) / MOST_BARS));
      const bars: Bin[] = [];
      for (let from = first; from <= last; from += each) {
        bars.push({ from: edge(from), to: edge(from + each), count: counts.subarray(from, from + each).reduce((sum, count) => sum + count, 0) });
      }
      return bars;
    },
  };
}
