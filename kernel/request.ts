import { KernelError } from './kernel-error.ts';

/**
 * Entries of the largest matrix: 2^28 doubles are 2 GiB, half of what a kernel of 32-bit addresses can hold.
 */
export const MOST_ENTRIES = 2 ** 28;

/** Singular values that can be asked for at once; the basis must have room for more than these. */
export const MOST_VALUES = 16;

/** The largest signal strength, 2^100: far beyond use, and its square is still far from overflow. */
export const LARGEST_STRENGTH = 2 ** 100;

/** Throws BAD_SHAPE unless nrow and ncol are integers from 1 with at most 2^28 entries between them. */
export function checkShape(nrow: number, ncol: number): void {
  const whole = Number.isInteger(nrow) && Number.isInteger(ncol);
  if (whole && nrow >= 1 && ncol >= 1 && nrow * ncol <= MOST_ENTRIES) return;
  throw new KernelError(
    'BAD_SHAPE',
    `nrow and ncol must be integers from 1 with nrow * ncol at most 2^28; found ${nrow} x ${ncol}`,
  );
}

/** Throws BAD_SHAPE unless `matrix` holds exactly nrow * ncol doubles. */
export function checkMatrix(matrix: Float64Array, nrow: number, ncol: number): void {
  checkShape(nrow, ncol);
  if (matrix.length === nrow * ncol) return;
  throw new KernelError(
    'BAD_SHAPE',
    `a ${nrow} x ${ncol} matrix has ${nrow * ncol} entries; found an array of ${matrix.length}`,
  );
}

/** Throws BAD_SEED unless rngSeed is an integer, 0 <= rngSeed < 2^53. */
export function checkSeed(rngSeed: number): void {
  if (Number.isSafeInteger(rngSeed) && rngSeed >= 0) return;
  throw new KernelError('BAD_SEED', `rngSeed must be an integer from 0 to 2^53 - 1; found ${rngSeed}`);
}

/** Throws BAD_STRENGTH unless strength is finite and at most 2^100 in magnitude. */
export function checkStrength(strength: number): void {
  if (Math.abs(strength) <= LARGEST_STRENGTH) return;
  throw new KernelError('BAD_STRENGTH', `strength must be a number of at most 2^100; found ${strength}`);
}

/** Throws BAD_COUNT unless count is an integer from `least` to `most`; `name` says of what. */
export function checkCount(name: string, count: number, least: number, most: number): void {
  if (Number.isInteger(count) && count >= least && count <= most) return;
  throw new KernelError('BAD_COUNT', `${name} must be an integer from ${least} to ${most}; found ${count}`);
}
