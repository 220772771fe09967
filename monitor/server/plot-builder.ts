import { combine, errorOf } from '../../experiment/svd-block/reduce.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Row } from '../../wire/row.ts';
import type { SvdBlockPlots } from '../snapshot.ts';

/** Cells in which alignments are counted, from 0 to 1; the bins that are shown are of several of them. */
const CELLS = 1_000;

/** Bins of a histogram: as many as a thousand rows fill. */
const BINS = 40;

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
  const cells = Array.from({ length: CELLS }, () => 0);
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
      if (typeof alignment === 'number' && Number.isFinite(alignment)) count(cells, Math.abs(alignment));
      if (ve instanceof Float64Array && ve.length > 0) stack(ve);
    },
    plots: () => ({ alignments: binned(cells), error: error(), single: taken === 0 ? null : { mean: errorSum / taken } }),
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

function count(cells: number[], alignment: number): void {
  const cell = Math.min(CELLS - 1, Math.floor(alignment * CELLS));
  cells[cell] = (cells[cell] ?? 0) + 1;
}

/** Bins of equal width from the first cell that is not empty to the last. */
function binned(cells: readonly number[]): SvdBlockPlots['alignments'] {
  const first = Math.max(0, cells.findIndex((cell) => cell > 0));
  const cellsUsed = Math.max(1, cells.findLastIndex((cell) => cell > 0) + 1 - first);
  const width = Math.max(1, Math.ceil(cellsUsed / BINS));
  const bins = Math.ceil(cellsUsed / width);
  const start = Math.min(first, CELLS - bins * width);
  const counts = Array.from({ length: bins }, (_, bin) => cells.slice(start + bin * width, start + (bin + 1) * width).reduce((sum, cell) => sum + cell, 0));
  return { from: start / CELLS, to: (start + bins * width) / CELLS, counts };
}
