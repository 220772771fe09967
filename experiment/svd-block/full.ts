import { fullSvd } from '../../kernel/full-svd.ts';
import type { TopTriple } from '../../kernel/kernel.ts';

/**
 * The top singular triple of a row-major nrow x ncol matrix by its full SVD, the reference that Lanczos is
 * held against: slow, and only for small and medium blocks. Its `iterations` is 0.
 */
export function fullTriple(matrix: Float64Array, nrow: number, ncol: number): TopTriple {
  const { sigma, u, v } = fullSvd(matrix, nrow, ncol);
  const top = { sigma: sigma[0]!, u: u[0]!, v: v[0]! };
  return { ...top, residual: residualOf(matrix, top), iterations: 0 };
}

/** max(||X v - s u||, ||X' u - s v||). */
function residualOf(matrix: Float64Array, { sigma, u, v }: Pick<TopTriple, 'sigma' | 'u' | 'v'>): number {
  const left = u.map((component) => -sigma * component);
  const right = v.map((component) => -sigma * component);
  for (let i = 0; i < u.length; i++) {
    for (let j = 0; j < v.length; j++) {
      const entry = matrix[i * v.length + j]!;
      left[i]! += entry * v[j]!;
      right[j]! += entry * u[i]!;
    }
  }
  return Math.max(length(left), length(right));
}

function length(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, component) => sum + component * component, 0));
}
