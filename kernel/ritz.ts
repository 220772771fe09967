import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Eigenpairs of a small symmetric matrix, largest first: `values[i]` belongs to `vectors[i]`. */
export interface RitzPairs {
  values: number[];
  vectors: Float64Array[];
}

/**
 * The `count` largest eigenpairs of the leading order x order part of `projected`, symmetric, `stride` wide.
 */
export function ritzPairs(projected: Float64Array, stride: number, order: number, count: number): RitzPairs {
  const matrix = new Matrix(order, order);
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) matrix.set(i, j, projected[i * stride + j] ?? 0);
  }
  const solved = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  // ml-matrix sorts the eigenvalues of a symmetric matrix in ascending order.
  const columns = Array.from({ length: Math.min(count, order) }, (_, index) => order - 1 - index);
  return {
    values: columns.map((column) => solved.realEigenvalues[column] ?? 0),
    vectors: columns.map((column) => Float64Array.from(solved.eigenvectorMatrix.getColumn(column))),
  };
}
