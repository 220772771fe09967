import { expect, test } from 'vitest';

import { loadKernel } from '../../../kernel/kernel.ts';
import { diagonal, dot, expectTriple, norm, product, randomMatrix, type Shaped } from './matrices.ts';

const kernel = await loadKernel();
const EPS = Number.EPSILON;

function firstUnitVector(length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => (index === 0 ? 1 : 0));
}

test.each([[1, 1], [1, 7], [7, 1], [5, 5], [3, 8], [8, 3]])(
  'topTriple of a %d x %d matrix of zeros is 0 and the first unit vectors',
  (nrow, ncol) => {
    expect(kernel.topTriple(new Float64Array(nrow * ncol), nrow, ncol)).toEqual({
      sigma: 0,
      u: firstUnitVector(nrow),
      v: firstUnitVector(ncol),
      residual: 0,
      iterations: 0,
    });
  },
);

test('topTriple takes -0 for zero', () => {
  expect(kernel.topTriple(new Float64Array(6).fill(-0), 2, 3).sigma).toBe(0);
});

test.each([2.5, -2.5])('topTriple of the 1 x 1 matrix %d is its magnitude, with its sign in u', (x) => {
  const triple = kernel.topTriple(Float64Array.of(x), 1, 1);
  const [u, v] = [Float64Array.of(Math.sign(x)), Float64Array.of(1)];
  expect(triple).toEqual({ sigma: 2.5, u, v, residual: 0, iterations: 0 });
});

test('topTriple of one row is its norm and its direction', () => {
  for (const n of [2, 3, 100, 1001]) {
    const row = randomMatrix(n, 1, n);
    const triple = kernel.topTriple(...row);
    expectTriple(row, triple);
    expect(Math.abs(triple.sigma - norm(row[0]))).toBeLessThanOrEqual(Math.sqrt(n) * EPS * triple.sigma);
    expect(Math.abs(triple.u[0] ?? 0)).toBe(1);
  }
});

test('topTriple of one column is its norm and its direction', () => {
  for (const n of [2, 3, 100, 1001]) {
    const column = randomMatrix(n, n, 1);
    const triple = kernel.topTriple(...column);
    expectTriple(column, triple);
    expect(triple.v).toEqual(Float64Array.of(1));
  }
});

test('topTriple of a rank-one matrix is its factors', () => {
  for (const [nrow, ncol] of [[2, 2], [5, 9], [9, 5], [40, 40], [300, 7]] as const) {
    const left = randomMatrix(1, nrow, 1);
    const right = randomMatrix(2, 1, ncol);
    const shaped = product(left, right);
    const triple = kernel.topTriple(...shaped);
    expectTriple(shaped, triple);
    const sigma = norm(left[0]) * norm(right[0]);
    expect(Math.abs(triple.sigma - sigma)).toBeLessThanOrEqual(8 * Math.sqrt(nrow * ncol) * EPS * sigma);
    expect(Math.abs(dot(triple.v, right[0])) / norm(right[0])).toBeGreaterThan(1 - 1e-14);
  }
});

test('topTriple of a matrix with a single entry finds it', () => {
  const matrix = new Float64Array(35);
  matrix[17] = -4;
  const shaped: Shaped = [matrix, 5, 7];
  const triple = kernel.topTriple(...shaped);
  expectTriple(shaped, triple);
  expect(Math.abs(triple.sigma - 4)).toBeLessThanOrEqual(8 * 4 * EPS);
});

test('topTriple of a rank-deficient matrix is a triple', () => {
  for (const rank of [1, 2, 3, 5]) {
    const shaped = product(randomMatrix(rank, 60, rank), randomMatrix(rank + 10, rank, 50));
    expectTriple(shaped, kernel.topTriple(...shaped));
  }
});

test('topTriple of the identity, where every vector is singular, is one of them', () => {
  for (const size of [2, 3, 10, 100]) {
    const shaped = diagonal(Array.from({ length: size }, () => 1));
    const triple = kernel.topTriple(...shaped);
    expectTriple(shaped, triple);
    expect(Math.abs(triple.sigma - 1)).toBeLessThanOrEqual(size * EPS);
  }
});

test('topTriple of a repeated largest value gives a vector of its space', () => {
  const entries = [0.5, 2, 0.25, 2, 1, 2, 0.125];
  const shaped = diagonal(entries);
  const triple = kernel.topTriple(...shaped);
  expectTriple(shaped, triple);
  const within = triple.v.filter((_, index) => entries[index] === 2);
  expect(Math.abs(norm(within) - 1)).toBeLessThanOrEqual(1e-14);
});

test('topTriple of the 2 x 2 rotation, whose singular values are both 1, is a triple', () => {
  const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
  const shaped: Shaped = [Float64Array.of(cos, -sin, sin, cos), 2, 2];
  expectTriple(shaped, kernel.topTriple(...shaped));
});
