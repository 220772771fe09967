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
  expect([...sigma]).toEqual([5, 3, 2, 0]);
});

test('fullSvd orients every right vector', () => {
  for (const vector of fullSvd(...randomMatrix(8, 12, 10)).v) expect(orientation(vector)).toBe(1);
});
