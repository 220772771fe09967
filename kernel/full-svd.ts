import { Matrix, SingularValueDecomposition } from 'ml-matrix';

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
 * the kernel's top triple. Meant for small and medium matrices: time grows as nrow ncol min(nrow, ncol), some
 * 10 s at 1000 x 1000.
 */
export function fullSvd(matrix: Float64Array, nrow: number, ncol: number): FullSvd {
  const x = Matrix.from1DArray(nrow, ncol, matrix);
  const svd = new SingularValueDecomposition(x, { autoTranspose: true });
  const order = Math.min(nrow, ncol);
  const vectors = Array.from({ length: order }, (_, index) => {
    const u = Float64Array.from(svd.leftSingularVectors.getColumn(index));
    const v = Float64Array.from(svd.rightSingularVectors.getColumn(index));
    const sign = orientation(v);
    return { u: u.map((a) => sign * a), v: v.map((a) => sign * a) };
  });
  return {
    sigma: Float64Array.from(svd.diagonal.slice(0, order)),
    u: vectors.map((pair) => pair.u),
    v: vectors.map((pair) => pair.v),
  };
}
