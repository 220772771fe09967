import type { KernelMemory } from './kernel-memory.ts';
import { findTopTriple } from './lanczos.ts';
import type { Layout } from './layout.ts';
import { loadMatrix, unscaled } from './matrix-input.ts';
import { iteratedTriple, lineTriple, type TopTriple, zeroTriple } from './triple.ts';

/** The top singular triple of a row-major matrix. */
export function matrixTriple(
  memory: KernelMemory,
  matrix: Float64Array,
  nrow: number,
  ncol: number,
): TopTriple {
  const { layout, exponent, isZero } = loadMatrix(memory, matrix, nrow, ncol);
  if (isZero) return zeroTriple(nrow, ncol);
  const triple = layout.side === 'none' ? lineTriple(memory, layout) : fromRandomStart(memory, layout);
  const sigma = unscaled(triple.sigma, exponent);
  return { ...triple, sigma, residual: unscaled(triple.residual, exponent) };
}

/**
 * The `count` largest singular values of a row-major matrix, largest first, by deflation: each search keeps
 * orthogonal to the vectors found before. Their absolute error is some eps times the largest.
 */
export function matrixValues(
  memory: KernelMemory,
  matrix: Float64Array,
  nrow: number,
  ncol: number,
  count: number,
): Float64Array {
  const { layout, exponent, isZero } = loadMatrix(memory, matrix, nrow, ncol);
  if (isZero) return new Float64Array(count);
  const values =
    layout.side === 'none'
      ? Float64Array.of(lineTriple(memory, layout).sigma)
      : deflated(memory, layout, count);
  return values.map((sigma) => unscaled(sigma, exponent));
}

function fromRandomStart(memory: KernelMemory, layout: Layout): TopTriple {
  startAtRandom(memory, layout, 0);
  return iteratedTriple(memory, layout);
}

function deflated(memory: KernelMemory, layout: Layout, count: number): Float64Array {
  const { scratch, length } = layout;
  const values = new Float64Array(count);
  for (let locked = 0; locked < count; locked++) {
    const row = startAtRandom(memory, layout, locked);
    const { sigma } = findTopTriple(memory.exports, layout, { locked, sigma: values[0] ?? 0 });
    values[locked] = sigma;
    memory.doubles(row, length).set(memory.doubles(scratch, length));
  }
  // Of two values equal to rounding, the one found first need not be the larger.
  return values.sort().toReversed();
}

// Puts a random unit vector orthogonal to the locked basis rows into the row after them; returns its address.
// A fixed seed gives the same bits every time. But each search needs its own: the vector found for a repeated
// value is all that its start had of that value's space, and from the same start a second one is never found.
function startAtRandom(memory: KernelMemory, layout: Layout, locked: number): number {
  const { basis, length, components, round, factors } = layout;
  const row = basis + locked * length * Float64Array.BYTES_PER_ELEMENT;
  memory.seed(locked);
  memory.exports.draw(memory.stream, row, length);
  memory.exports.orthonormalize(basis, locked, length, row, components, round, factors);
  return row;
}
