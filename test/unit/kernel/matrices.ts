import { expect } from 'vitest';

import { loadKernel, type TopTriple } from '../../../kernel/kernel.ts';

/** A row-major matrix with its shape, in the order in which the kernel takes them. */
export type Shaped = [matrix: Float64Array, nrow: number, ncol: number];

const kernel = await loadKernel();

/** A matrix of independent standard normal entries. */
export function randomMatrix(seed: number, nrow: number, ncol: number): Shaped {
  return [kernel.normals(seed, nrow * ncol), nrow, ncol];
}

/** A matrix with these entries on its diagonal. */
export function diagonal(entries: number[], nrow = entries.length, ncol = entries.length): Shaped {
  const matrix = new Float64Array(nrow * ncol);
  entries.forEach((entry, index) => (matrix[index * ncol + index] = entry));
  return [matrix, nrow, ncol];
}

/** The product of an nrow x inner and an inner x ncol matrix. */
export function product(a: Shaped, b: Shaped): Shaped {
  const [left, nrow, inner] = a;
  const [right, , ncol] = b;
  const matrix = new Float64Array(nrow * ncol);
  for (let i = 0; i < nrow; i++) {
    for (let j = 0; j < ncol; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += (left[i * inner + k] ?? 0) * (right[k * ncol + j] ?? 0);
      matrix[i * ncol + j] = sum;
    }
  }
  return [matrix, nrow, ncol];
}

/** X' as a row-major matrix. */
export function transpose([matrix, nrow, ncol]: Shaped): Shaped {
  const turned = matrix.map((_, index) => matrix[(index % nrow) * ncol + Math.floor(index / nrow)] ?? 0);
  return [turned, ncol, nrow];
}

export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, index) => sum + x * (b[index] ?? 0), 0);
}

export function norm(v: Float64Array): number {
  const largest = v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return largest === 0 ? 0 : largest * Math.sqrt(v.reduce((sum, x) => sum + (x / largest) ** 2, 0));
}

/** The smaller of |a - b| and |a + b|. */
export function distanceUpToSign(a: Float64Array, b: Float64Array): number {
  const shifted = (sign: number): number => norm(a.map((x, index) => x - sign * (b[index] ?? 0)));
  return Math.min(shifted(1), shifted(-1));
}

/** max(|X v - sigma u|, |X' u - sigma v|), computed here and not by the kernel. */
export function residualOf([matrix, nrow, ncol]: Shaped, { sigma, u, v }: TopTriple): number {
  const forward = u.map((x, i) => dot(matrix.subarray(i * ncol, (i + 1) * ncol), v) - sigma * x);
  const backward = new Float64Array(ncol);
  for (let i = 0; i < nrow; i++) {
    const row = matrix.subarray(i * ncol, (i + 1) * ncol);
    row.forEach((x, j) => (backward[j] = (backward[j] ?? 0) + x * (u[i] ?? 0)));
  }
  return Math.max(norm(forward), norm(backward.map((x, j) => x - sigma * (v[j] ?? 0))));
}

/** The residual that the kernel promises: 4 sqrt(max(nrow, ncol)) eps sigma. */
export function allowedResidual(nrow: number, ncol: number, sigma: number): number {
  return 4 * Math.sqrt(Math.max(nrow, ncol)) * Number.EPSILON * sigma;
}

/** Fails unless the triple is one of the matrix: unit vectors, and a residual as promised and as reported. */
export function expectTriple(shaped: Shaped, triple: TopTriple): void {
  const [, nrow, ncol] = shaped;
  const allowed = allowedResidual(nrow, ncol, triple.sigma);
  const rounding = Number.EPSILON * Math.sqrt(Math.max(nrow, ncol));
  expect(triple.u).toHaveLength(nrow);
  expect(triple.v).toHaveLength(ncol);
  expect(Math.abs(norm(triple.u) - 1)).toBeLessThanOrEqual(4 * rounding);
  expect(Math.abs(norm(triple.v) - 1)).toBeLessThanOrEqual(4 * rounding);
  expect(triple.residual).toBeLessThanOrEqual(allowed);
  expect(residualOf(shaped, triple)).toBeLessThanOrEqual(2 * allowed);
}
