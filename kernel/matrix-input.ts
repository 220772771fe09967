import { KernelError } from './kernel-error.ts';
import type { KernelMemory } from './kernel-memory.ts';
import type { Layout } from './layout.ts';

/** A matrix in the kernel's memory: what was given, times 2^exponent. */
export interface MatrixInput {
  layout: Layout;
  exponent: number;
  isZero: boolean;
}

// Magnitudes within 2^-128 .. 2^128 can be squared and summed without a thought of overflow or underflow.
const COMFORTABLE_EXPONENT = 128;
// A larger power of two could itself overflow; the smallest subnormal, 2^-1074, still gets to 2^-74.
const LARGEST_EXPONENT = 1000;

/**
 * Copies a row-major matrix into the kernel's memory, scaled by a power of two (so exactly, but for entries
 * that then underflow beside the largest) where its largest entry is far from 1. Throws NOT_FINITE at NaN or
 * Infinity.
 */
export function loadMatrix(
  memory: KernelMemory,
  matrix: Float64Array,
  nrow: number,
  ncol: number,
): MatrixInput {
  const layout = memory.layOut(nrow, ncol);
  memory.doubles(layout.x, matrix.length).set(matrix);
  const largest = memory.exports.largest(layout.x, matrix.length);
  if (!Number.isFinite(largest)) throw notFinite(matrix, ncol);
  const exponent = scalingExponent(largest);
  if (exponent !== 0) memory.exports.scale(layout.x, matrix.length, 2 ** exponent);
  return { layout, exponent, isZero: largest === 0 };
}

/** sigma of the matrix as it was given; NOT_FINITE where no double can hold it. */
export function unscaled(sigma: number, exponent: number): number {
  const value = sigma * 2 ** -exponent;
  if (Number.isFinite(value)) return value;
  throw new KernelError(
    'NOT_FINITE',
    'the largest singular value exceeds the largest double: scale the matrix down',
  );
}

/** The power of two that brings the largest magnitude to where its squares are safe; 0 where it is there. */
export function scalingExponent(largest: number): number {
  if (largest === 0) return 0;
  const exponent = -Math.floor(Math.log2(largest));
  if (Math.abs(exponent) <= COMFORTABLE_EXPONENT) return 0;
  return Math.min(LARGEST_EXPONENT, Math.max(-LARGEST_EXPONENT, exponent));
}

/** The NOT_FINITE error for a matrix that holds NaN or Infinity, with the first place of one. */
export function notFinite(matrix: Float64Array, ncol: number): KernelError {
  const index = matrix.findIndex((x) => !Number.isFinite(x));
  const place = `row ${Math.floor(index / ncol)}, column ${index % ncol}`;
  const message = `a matrix must hold finite numbers; found ${matrix[index]} at ${place}`;
  return new KernelError('NOT_FINITE', message);
}
