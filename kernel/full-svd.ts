import { Matrix, SingularValueDecomposition } from 'ml-matrix';

import { notFinite, scalingExponent, unscaled } from './matrix-input.ts';
import { checkMatrix } from './request.ts';
import { orientation } from './sign.ts';

/** A thin singular value decomposition X = U diag(sigma) V', with r = min(nrow, ncol) columns. */
export interface FullSvd {
  /** The r singular values, largest first, none negative. */
  sigma: Float64Array;
  /** The left singular vectors, nrow long each, in the order of sigma. */
  u: Float64Array[];
  /** The right singular vectors, ncol long each, oriented as in sign.ts (their partners in u with them). */
  v: Float64Array[];
}

/**
 * The full SVD of a row-major matrix by ml-matrix (Golub-Kahan-Reinsch, after LINPACK), as the reference for
 * the kernel's top triple. For small and medium matrices: time grows as nrow ncol min(nrow, ncol). Throws
 * BAD_SHAPE, and NOT_FINITE at NaN or Infinity.
 */
export function fullSvd(matrix: Float64Array, nrow: number, ncol: number): FullSvd {
  checkMatrix(matrix, nrow, ncol);
  const largest = matrix.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (!Number.isFinite(largest)) throw notFinite(matrix, ncol);
  const exponent = scalingExponent(largest);
  const x = Matrix.from1DArray(nrow, ncol, withRoundingNoise(matrix, largest, 2 ** exponent));
  const svd = new SingularValueDecomposition(x, { autoTranspose: true });
  const sigma = svd.diagonal.slice(0, Math.min(nrow, ncol)).map((value) => unscaled(value, exponent));
  const u = columnsOf(svd.leftSingularVectors, sigma.length);
  const v = columnsOf(svd.rightSingularVectors, sigma.length);
  const signs = v.map(orientation);
  const oriented = (vectors: Float64Array[]): Float64Array[] =>
    vectors.map((vector, index) => vector.map((component) => (signs[index] ?? 1) * component));
  return { sigma: Float64Array.from(sigma), u: oriented(u), v: oriented(v) };
}

// The matrix times a power of two, with noise of up to two eps of its largest entry, no more than an SVD's
// own backward error. ml-matrix's iteration has no bound (github.com/mljs/matrix, issue 70): the exact rank
// deficiency of a patterned matrix can lead it down to subnormal numbers, which it never takes for converged.
function withRoundingNoise(matrix: Float64Array, largest: number, scale: number): Float64Array {
  const amplitude = 2 * Number.EPSILON * largest * scale;
  return matrix.map((x, index) => x * scale + amplitude * hashedFraction(index));
}

// A number in [-1, 1) scattered by Knuth's multiplicative hash and two rounds of murmur3's finalizer.
function hashedFraction(index: number): number {
  let hash = Math.imul(index + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) / 2 ** 31;
}

function columnsOf(matrix: Matrix, count: number): Float64Array[] {
  return Array.from({ length: count }, (_, index) => Float64Array.from(matrix.getColumn(index)));
}
