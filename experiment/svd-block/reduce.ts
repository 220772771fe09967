import type { Kernel } from '../../kernel/kernel.ts';
import { SluiceError } from '../../runtime/errors.ts';
import type { Row } from '../../wire/row.ts';
import { excerpt } from '../excerpt.ts';
import { SVD_BLOCK_NAME } from './definition.ts';
import { distanceUpToSign, trueVector } from './signal.ts';

/** Most values of the stacked rows, rows * ncol: what the kernel's memory takes as one matrix. */
const MAX_STACKED = 2 ** 28;

/** The answer of svd-block; every error is a distance from v_true up to sign. */
export type SvdBlockReduction = {
  readonly rows: number;
  readonly ncol: number;
  /** Of the top right singular vector of the stacked v_est rows. */
  readonly errorCombined: number;
  /** Of the blocks' own vectors. */
  readonly errorSingle: { readonly mean: number; readonly min: number; readonly max: number };
  /** errorSingle.mean / errorCombined, about sqrt(rows); null where errorCombined is 0. */
  readonly improvement: number | null;
  /** The two largest singular values of the stacked rows; sigma2 is 0 where there is one row or column. */
  readonly sigma1: number;
  readonly sigma2: number;
};

/**
 * The answer that the rows of svd-block give together; rows are read once and in any order.
 *
 * Throws a SluiceError `cannot-reduce` where there is no row, where rows differ in ncol or lack their vector,
 * and above 2^28 stacked values.
 */
export function reduceSvdBlocks(kernel: Kernel, rows: Iterable<Row>): SvdBlockReduction {
  const vectors = Array.from(rows, vectorOf);
  const ncol = commonLength(vectors);
  const errors = vectors.map(errorOf);
  const stacked = new Float64Array(vectors.length * ncol);
  for (const [index, vector] of vectors.entries()) stacked.set(vector, index * ncol);

  const { sigma, error: errorCombined } = combine(kernel, stacked, vectors.length);
  const second =
    Math.min(vectors.length, ncol) < 2 ? 0 : kernel.topValues(stacked, vectors.length, ncol, 2)[1]!;
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return {
    rows: vectors.length,
    ncol,
    errorCombined,
    errorSingle: { mean, min: extreme(errors, Math.min), max: extreme(errors, Math.max) },
    improvement: errorCombined === 0 ? null : mean / errorCombined,
    sigma1: sigma,
    sigma2: second,
  };
}

/** The error of one block's vector: its distance from v_true up to sign. */
export function errorOf(vector: Float64Array): number {
  return distanceUpToSign(vector, trueVector(vector.length));
}

/** The vector that `rows` vectors, stacked row by row, give together: its singular value and its error. */
export function combine(kernel: Pick<Kernel, 'topTriple'>, stacked: Float64Array, rows: number): { readonly sigma: number; readonly error: number } {
  const { sigma, v } = kernel.topTriple(stacked, rows, stacked.length / rows);
  return { sigma, error: errorOf(v) };
}

function vectorOf(row: Row): Float64Array {
  const { ncol, ve } = row;
  if (ve instanceof Float64Array && ve.length === ncol) return ve;
  const found = ve instanceof Float64Array ? `${ve.length} components` : excerpt(ve);
  throw cannotReduce(
    `expected a vector "ve" of ncol = ${excerpt(ncol)} components in every row, found ${found}`,
  );
}

function commonLength(vectors: readonly Float64Array[]): number {
  const [first] = vectors;
  if (first === undefined) throw cannotReduce('there are no rows yet; run the table first');
  const lengths = [...new Set(vectors.map((vector) => vector.length))].sort((a, b) => a - b);
  if (lengths.length > 1) {
    throw cannotReduce(
      `the rows to recombine must have one ncol, found ${lengths.slice(0, 5).join(', ')}` +
        `${lengths.length > 5 ? ', ...' : ''}; keep one table for each ncol`,
    );
  }
  if (vectors.length * first.length > MAX_STACKED) {
    throw cannotReduce(
      `rows * ncol is at most 2^28 = ${MAX_STACKED}, found ${vectors.length} * ${first.length}`,
    );
  }
  return first.length;
}

/** Spreading an array into Math.min fails beyond some 100,000 arguments. */
function extreme(values: readonly number[], pick: (a: number, b: number) => number): number {
  return values.reduce((a, b) => pick(a, b));
}

function cannotReduce(fault: string): SluiceError {
  return new SluiceError('cannot-reduce', `${SVD_BLOCK_NAME}: ${fault}`);
}
