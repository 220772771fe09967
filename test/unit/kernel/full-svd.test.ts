import { expect, test } from 'vitest';

import { fullSvd } from '../../../kernel/full-svd.ts';
import { orientation } from '../../../kernel/sign.ts';
import { diagonal, dot, norm, randomMatrix } from './matrices.ts';

const EPS = Number.EPSILON;

test.each([[1, 1], [1, 6], [6, 1], [4, 4], [9, 5], [5, 9], [40, 40]])(
  'fullSvd of a random %d x %d matrix multiplies back to it, from orthonormal vectors',
  (nrow, ncol) => {
    const [matrix] = randomMatrix(7, nrow, ncol);
    const { sigma, u, v } = fullSvd(matrix, nrow, ncol);
    const order = Math.min(nrow, ncol);
    expect([sigma.length, u.length, v.length]).toEqual([order, order, order]);
    const allowed = 16 * Math.max(nrow, ncol) * EPS;
    const again = matrix.map((_, index) => {
      const [i, j] = [Math.floor(index / ncol), index % ncol];
      return sigma.reduce((sum, s, k) => sum + s * (u[k]?.[i] ?? 0) * (v[k]?.[j] ?? 0), 0);
    });
    const difference = norm(again.map((x, index) => x - (matrix[index] ?? 0)));
    expect(difference).toBeLessThanOrEqual(allowed * (sigma[0] ?? 0));
    for (const vectors of [u, v]) {
      vectors.forEach((a, i) => {
        vectors.forEach((b, j) => {
          expect(Math.abs(dot(a, b) - (i === j ? 1 : 0))).toBeLessThanOrEqual(allowed);
        });
      });
    }
  },
);

test('fullSvd gives the singular values in descending order, none negative', () => {
  const { sigma } = fullSvd(...diagonal([2, -5, 0, 3]));
  [5, 3, 2, 0].forEach((value, k) => {
    expect(Math.abs((sigma[k] ?? 0) - value)).toBeLessThanOrEqual(16 * EPS * 5);
    expect(sigma[k]).toBeGreaterThanOrEqual(0);
  });
});

test('fullSvd orients every right vector', () => {
  for (const vector of fullSvd(...randomMatrix(8, 12, 10)).v) expect(orientation(vector)).toBe(1);
});

test('fullSvd ends for a patterned matrix of rank 1, at which ml-matrix alone runs forever', () => {
  const [nrow, ncol] = [73, 64];
  const matrix = Float64Array.from({ length: nrow * ncol }, (_, index) => {
    return Math.floor(index / ncol) % 2 === index % 2 ? 1 : -1;
  });
  const { sigma } = fullSvd(matrix, nrow, ncol);
  const [sigma1 = 0, sigma2] = sigma;
  expect(Math.abs(sigma1 - Math.sqrt(nrow * ncol))).toBeLessThanOrEqual(nrow * EPS * sigma1);
  expect(sigma2).toBeLessThanOrEqual(nrow * EPS * sigma1);
});

test('fullSvd of zeros is zeros', () => {
  expect(fullSvd(new Float64Array(12), 4, 3).sigma).toEqual(new Float64Array(3));
});

test('fullSvd refuses NaN and Infinity, and an array that does not fit', () => {
  for (const x of [Number.NaN, Infinity]) {
    const refused = expect.objectContaining({ code: 'NOT_FINITE' });
    expect(() => fullSvd(Float64Array.of(1, 2, x, 4), 2, 2)).toThrow(refused);
  }
  expect(() => fullSvd(new Float64Array(3), 2, 2)).toThrow(expect.objectContaining({ code: 'BAD_SHAPE' }));
});

test.each([2 ** -1000, 2 ** 1000])('fullSvd of a matrix times %d is the same but for sigma', (factor) => {
  const [matrix, nrow, ncol] = randomMatrix(9, 6, 5);
  const plain = fullSvd(matrix, nrow, ncol);
  const scaled = fullSvd(matrix.map((x) => x * factor), nrow, ncol);
  plain.sigma.forEach((sigma, k) => {
    const difference = Math.abs((scaled.sigma[k] ?? 0) / factor - sigma);
    expect(difference).toBeLessThanOrEqual(64 * EPS * (plain.sigma[0] ?? 0));
  });
});
