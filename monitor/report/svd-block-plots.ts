import { combine, errorOf } from '../../experiment/svd-block/reduce.ts';
import { loadKernel } from '../../kernel/kernel.ts';
import type { Row } from '../../wire/row.ts';
import { alignmentBins } from '../chart/alignment-bins.ts';
import type { SvdBlockPlots } from '../snapshot.ts';

/** Numbers of rows at which the error is taken: so many a decade, and all of them. */
const STEPS_A_DECADE = 8;

/** Most values that are held and recombined, 512 MiB of doubles; the line of a longer table ends there. */
const MOST_VALUES = 2 ** 26;

/**
 * What the rows of svd-block, as they came, show; null where there is none, or where rows differ in ncol or lack their
 * vector, so that they cannot be recombined.
 */
export async function svdBlockPlots(rows: Iterable<Row>): Promise<SvdBlockPlots | null> {
  const alignments: number[] = [];
  const vectors: Float64Array[] = [];
  let ncol: number | undefined;
  let errors = 0;
  for (const { v_alignment: alignment, ve } of rows) {
    if (!(ve instanceof Float64Array) || typeof alignment !== 'number' || ve.length !== (ncol ??= ve.length)) return null;
    alignments.push(Math.abs(alignment));
    errors += errorOf(ve);
    if ((vectors.length + 1) * ncol <= MOST_VALUES) vectors.push(ve);
  }
  if (ncol === undefined) return null;
  return { alignments: alignmentBins(alignments), error: await errorsOf(vectors, ncol), single: { mean: errors / alignments.length } };
}

/** The error of the vector recombined from the first rows, of ever more of them. */
async function errorsOf(vectors: readonly Float64Array[], ncol: number): Promise<{ rows: number; error: number }[]> {
  const kernel = await loadKernel();
  const stacked = new Float64Array(vectors.length * ncol);
  for (const [index, vector] of vectors.entries()) stacked.set(vector, index * ncol);
  return countsUpTo(vectors.length).map((rows) => ({ rows, error: combine(kernel, stacked.subarray(0, rows * ncol), rows).error }));
}

function countsUpTo(rows: number): number[] {
  const steps = Math.floor(Math.log10(rows) * STEPS_A_DECADE);
  const counts = Array.from({ length: steps + 1 }, (_, step) => Math.round(10 ** (step / STEPS_A_DECADE)));
  return [...new Set([...counts, rows])];
}
