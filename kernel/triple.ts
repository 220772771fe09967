import type { KernelMemory } from './kernel-memory.ts';
import type { Start } from './krylov-space.ts';
import { findTopTriple } from './lanczos.ts';
import type { Layout } from './layout.ts';
import { orientation } from './sign.ts';

/** The top singular triple of a matrix X: sigma >= 0, unit u and v with X v = sigma u and X' u = sigma v. */
export interface TopTriple {
  sigma: number;
  /** nrow components. */
  u: Float64Array;
  /** ncol components; the first of at least half the largest magnitude is positive. */
  v: Float64Array;
  /** max(|X v - sigma u|, |X' u - sigma v|), absolute, in the Euclidean norm. */
  residual: number;
  /** Passes over the matrix; 0 for one row, one column and the zero matrix, which need none. */
  iterations: number;
}

/** The triple of a matrix of zeros, by definition: sigma 0, and for u and v the first unit vectors. */
export function zeroTriple(nrow: number, ncol: number): TopTriple {
  return { sigma: 0, u: firstUnitVector(nrow), v: firstUnitVector(ncol), residual: 0, iterations: 0 };
}

/** The top triple of the matrix laid out in memory, the start vector being in the first basis row already. */
export function iteratedTriple(
  memory: KernelMemory,
  layout: Layout,
  firstGram?: Start['firstGram'],
): TopTriple {
  const { nrow, ncol, length, scratch, partner, side } = layout;
  const start: Start = { locked: 0, sigma: 0, ...(firstGram === undefined ? {} : { firstGram }) };
  const { sigma, residual, passes } = findTopTriple(memory.exports, layout, start);
  if (sigma === 0) return zeroTriple(nrow, ncol);
  const partnerLength = nrow + ncol - length;
  memory.exports.scale(partner, partnerLength, 1 / sigma);
  const kept = memory.doubles(scratch, length).slice();
  const made = memory.doubles(partner, partnerLength).slice();
  const [u, v] = side === 'left' ? [kept, made] : [made, kept];
  return oriented({ sigma, u, v, residual, iterations: passes });
}

/** The triple of a matrix of one row or one column in memory, which is overwritten. */
export function lineTriple(memory: KernelMemory, layout: Layout): TopTriple {
  const { x, nrow, ncol } = layout;
  const length = Math.max(nrow, ncol);
  const sigma = memory.exports.norm(x, length);
  if (sigma === 0) return zeroTriple(nrow, ncol);
  const residual = memory.exports.unit(x, length, sigma);
  const line = memory.doubles(x, length).slice();
  const [u, v] = ncol === 1 ? [line, Float64Array.of(1)] : [Float64Array.of(1), line];
  return oriented({ sigma, u, v, residual, iterations: 0 });
}

function oriented(triple: TopTriple): TopTriple {
  if (orientation(triple.v) > 0) return triple;
  for (const vector of [triple.u, triple.v]) vector.forEach((x, index) => (vector[index] = -x));
  return triple;
}

function firstUnitVector(length: number): Float64Array {
  const vector = new Float64Array(length);
  vector[0] = 1;
  return vector;
}
