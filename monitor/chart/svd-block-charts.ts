import type { SvdBlockPlots } from '../snapshot.ts';
import { equalBins, histogram } from './histogram.ts';
import { lineChart, type Place } from './line-chart.ts';
import { numberText } from './number-text.ts';
import type { ChartSize } from './rate-chart.ts';

/** Alignments of large blocks differ from 1 in the fourth digit. */
const ALIGNMENT_DIGITS = 5;

/** One sentence on the alignments. */
export function alignmentSentence({ alignments }: SvdBlockPlots): string {
  const bins = equalBins(alignments.from, alignments.to, alignments.counts);
  const rows = bins.reduce((sum, { count }) => sum + count, 0);
  const fullest = bins.reduce<(typeof bins)[number] | undefined>((best, bin) => (best === undefined || bin.count > best.count ? bin : best), undefined);
  if (rows === 0 || fullest === undefined) return 'There are no rows yet.';
  return `${numberText(rows)} ${rows === 1 ? 'row' : 'rows'}; most alignments lie near ${numberText((fullest.from + fullest.to) / 2, ALIGNMENT_DIGITS)}.`;
}

/** How well single blocks find the true vector: a histogram of |<v_est, v>|. */
export function alignmentChart(plots: SvdBlockPlots, size: ChartSize): string {
  const { from, to, counts } = plots.alignments;
  return histogram({
    ...size,
    title: 'Alignment of single blocks with the true vector',
    description: alignmentSentence(plots),
    x: { title: 'alignment |⟨v_est, v⟩|' },
    counted: 'rows',
    bins: equalBins(from, to, counts),
    empty: 'no rows yet',
  });
}

/** One sentence on the error of the recombined vector. */
export function errorSentence({ error, single }: SvdBlockPlots): string {
  const last = error.at(-1);
  if (last === undefined) return 'There are no rows yet.';
  const better = single === null || last.error === 0 ? '' : `, ${numberText(single.mean / last.error)} times smaller than a single block's mean of ${numberText(single.mean)}`;
  return `With ${numberText(last.rows)} ${last.rows === 1 ? 'row' : 'rows'} the error is ${numberText(last.error)}${better}.`;
}

/** The error of the vector recombined from the first n rows against n, on log axes, with mean / sqrt(n). */
export function errorChart(plots: SvdBlockPlots, size: ChartSize): string {
  const { error, single } = plots;
  const points = error.map(({ rows, error: distance }): Place => [rows, distance]);
  return lineChart({
    ...size,
    title: 'Error of the recombined vector',
    description: errorSentence(plots),
    x: { title: 'rows n', kind: 'log' },
    y: { title: 'distance from v up to sign', kind: 'log' },
    lines: [
      { name: 'recombined', role: 'data', dotted: true, points },
      ...(single === null ? [] : [{ name: 'single block / √n', role: 'reference' as const, points: referenceOf(single.mean, points) }]),
    ],
    empty: 'no rows yet',
  });
}

/** mean / sqrt(n) over the rows that `points` go over: straight on log axes, so that its ends are enough. */
function referenceOf(mean: number, points: readonly Place[]): Place[] {
  const ends = [points[0], points.at(-1)].filter((point) => point !== undefined);
  return ends.map(([rows]) => [rows, mean / Math.sqrt(rows)]);
}
