import type { SvdBlockPlots } from '../snapshot.ts';

/** Bins of a histogram: as many as a thousand rows fill. */
const BINS = 30;

/** Least width of all bins together, where all alignments are the same. */
const LEAST_WIDTH = 0.02;

/** Bins of equal width from the least alignment to the greatest: blocks of 1000 x 1000 differ in the fifth digit. */
export function alignmentBins(alignments: readonly number[]): SvdBlockPlots['alignments'] {
  const least = alignments.reduce((one, other) => Math.min(one, other), Infinity);
  const greatest = alignments.reduce((one, other) => Math.max(one, other), 0);
  const [from, to] = least < greatest ? [least, greatest] : [Math.max(0, greatest - LEAST_WIDTH / 2), greatest + LEAST_WIDTH / 2];
  const counts = Array.from({ length: BINS }, () => 0);
  for (const alignment of alignments) {
    const bin = Math.min(BINS - 1, Math.floor(((alignment - from) / (to - from)) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { from, to, counts };
}
