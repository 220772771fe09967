import { combine, errorOf } from '../../experiment/svd-block/reduce.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Row } from '../../wire/row.ts';
import { alignmentBins } from '../chart/alignment-bins.ts';
import type { SvdBlockPlots } from '../snapshot.ts';

/** Most alignments that are kept, 800 kB; a million more rows would not change their histogram to the eye. */
const MOST_ALIGNMENTS = 100_000;

/** Most rows that are recombined, and most of their values, 80 MB: beyond, one more point of the curve takes seconds. */
const MOST_ROWS = 10_000;
const MOST_VALUES = 10_000_000;

/** What the rows of svd-block show, row by row as they came, in bounded memory. */
export interface PlotBuilder {
  take(row: Row): void;
  plots(): SvdBlockPlots;
}

/** A builder without rows; `kernel` recombines them as the reduce of svd-block does. */
export function openPlotBuilder(kernel: Pick<Kernel, 'topTriple'>): PlotBuilder {
  const alignments: number[] = [];
  const curve: { rows: number; error: number }[] = [];
  let [ncol, taken, errorSum] = [0, 0, 0];
  let stacked = new Float64Array(0);
  const errorAt = (rows: number): number => combine(kernel, stacked.subarray(0, rows * ncol), rows).error;
  const stack = (vector: Float64Array): void => {
    ncol ||= vector.length;
    // As the reduce refuses rows of several lengths, a curve of them would have no meaning; the first length counts.
    if (vector.length !== ncol || taken >= mostRows(ncol) || !vector.every(Number.isFinite)) return;
    if ((taken + 1) * ncol > stacked.length) stacked = grown(stacked, Math.min(mostRows(ncol), 2 * taken + 1) * ncol);
    stacked.set(vector, taken * ncol);
    errorSum += errorOf(vector);
    taken += 1;
    if (isMilestone(taken)) curve.push({ rows: taken, error: errorAt(taken) });
  };
  let newest: { rows: number; error: number } | undefined;
  const error = () => {
    const isOver = taken >= mostRows(ncol) || taken === (curve.at(-1)?.rows ?? 0);
    if (isOver) return curve;
    if (newest?.rows !== taken) newest = { rows: taken, error: errorAt(taken) };
    return [...curve, newest];
  };
  return {
    take: ({ v_alignment: alignment, ve }) => {
      if (typeof alignment === 'number' && Number.isFinite(alignment) && alignments.length < MOST_ALIGNMENTS) alignments.push(Math.abs(alignment));
      if (ve instanceof Float64Array && ve.length > 0) stack(ve);
    },
    plots: () => ({ alignments: alignmentBins(alignments), error: error(), single: taken === 0 ? null : { mean: errorSum / taken } }),
  };
}

/** Whether the curve has a point there for good: 1, 2, 5, 10, 20, 50, ... */
function isMilestone(rows: number): boolean {
  const lead = rows / 10 ** Math.floor(Math.log10(rows) + 1e-9);
  return [1, 2, 5].includes(lead);
}

/** The last milestone that fits. */
function mostRows(ncol: number): number {
  const most = Math.min(MOST_ROWS, Math.floor(MOST_VALUES / Math.max(1, ncol)));
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)) + 1e-9);
  return power * (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1);
}

function grown(values: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(values);
  return larger;
}
