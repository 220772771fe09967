import { expect, test } from 'vitest';

import { fullSvd } from '../../../kernel/full-svd.ts';
import { loadKernel } from '../../../kernel/kernel.ts';
import { diagonal, product, randomMatrix } from './matrices.ts';

const kernel = await loadKernel();
const EPS = Number.EPSILON;

const CASES = [
  [2, 2, 2], [5, 3, 3], [3, 5, 3], [30, 20, 6], [20, 30, 6], [64, 64, 16], [17, 200, 16], [200, 17, 16],
] as const;

test.each(CASES)(
  'topValues of random %d x %d matrices gives the %d largest values of the full SVD',
  (nrow, ncol, count) => {
    const shaped = randomMatrix(nrow + ncol, nrow, ncol);
    const expected = fullSvd(...shaped).sigma.subarray(0, count);
    const values = kernel.topValues(...shaped, count);
    expect(values).toHaveLength(count);
    expected.forEach((sigma, index) => {
      const allowed = 8 * Math.max(nrow, ncol) * EPS * (expected[0] ?? 0);
      expect(Math.abs((values[index] ?? 0) - sigma)).toBeLessThanOrEqual(allowed);
    });
  },
);

test('topValues are in descending order', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const values = kernel.topValues(...randomMatrix(seed, 12, 12), 12);
    expect(values).toEqual(values.toSorted().toReversed());
  }
});

test('topValues begins with the sigma of topTriple', () => {
  const shaped = randomMatrix(8, 40, 30);
  expect(kernel.topValues(...shaped, 1)).toEqual(Float64Array.of(kernel.topTriple(...shaped).sigma));
});

test('topValues counts a repeated value as often as it occurs', () => {
  const values = kernel.topValues(...diagonal([1, 3, 2, 3, 3, 0.5]), 5);
  [3, 3, 3, 2, 1].forEach((sigma, index) => {
    expect(Math.abs((values[index] ?? 0) - sigma)).toBeLessThanOrEqual(1e-14);
  });
});

test('topValues beyond the rank are zero to rounding', () => {
  const shaped = product(randomMatrix(1, 20, 2), randomMatrix(2, 2, 15));
  const values = kernel.topValues(...shaped, 5);
  expect(values[1]).toBeGreaterThan(1);
  for (const value of values.subarray(2)) expect(value).toBeLessThanOrEqual(64 * EPS * (values[0] ?? 0));
});

test('topValues of zeros are zeros, and of one row its norm', () => {
  expect(kernel.topValues(new Float64Array(12), 3, 4, 3)).toEqual(new Float64Array(3));
  expect(kernel.topValues(Float64Array.of(3, 4), 1, 2, 1)).toEqual(Float64Array.of(5));
});

test('topValues finds a second value 1,000 times smaller than the first, as a reduced table has', () => {
  const values = kernel.topValues(...diagonal([14.14, 0.0151, 0.0149, 0.012, 0.001]), 2);
  expect(Math.abs((values[1] ?? 0) - 0.0151)).toBeLessThanOrEqual(8 * EPS * 14.14);
});

test('topValues of the Hilbert matrix, which fall by 13 orders of magnitude, err by eps of the first', () => {
  const hilbert = Float64Array.from({ length: 100 }, (_, index) => {
    return 1 / (1 + Math.floor(index / 10) + (index % 10));
  });
  const values = kernel.topValues(hilbert, 10, 10, 10);
  const expected = fullSvd(hilbert, 10, 10).sigma;
  const allowed = 64 * EPS * (expected[0] ?? 0);
  expected.forEach((sigma, k) => expect(Math.abs((values[k] ?? 0) - sigma)).toBeLessThanOrEqual(allowed));
});

test('topValues of columns each ten times smaller than the last are those of the full SVD', () => {
  const [random, nrow, ncol] = randomMatrix(11, 36, 12);
  const graded = random.map((x, index) => x * 10 ** -(index % ncol));
  const values = kernel.topValues(graded, nrow, ncol, 12);
  const expected = fullSvd(graded, nrow, ncol).sigma;
  const allowed = 64 * EPS * (expected[0] ?? 0);
  expected.forEach((sigma, k) => expect(Math.abs((values[k] ?? 0) - sigma)).toBeLessThanOrEqual(allowed));
});
