import { expect, test } from 'vitest';

import { fullSvd } from '../../../kernel/full-svd.ts';
import { loadKernel } from '../../../kernel/kernel.ts';
import { orientation } from '../../../kernel/sign.ts';
import { diagonal, distanceUpToSign, expectTriple, norm, product } from './matrices.ts';
import { randomMatrix, transpose } from './matrices.ts';

const kernel = await loadKernel();
const EPS = Number.EPSILON;

const SHAPES = [
  [2, 2], [2, 3], [3, 2], [3, 3], [4, 4], [5, 7], [7, 5], [8, 8], [13, 4], [4, 13], [17, 17], [50, 49],
  [49, 50], [64, 64], [100, 3], [3, 100], [2, 500], [500, 2], [121, 60], [60, 121],
] as const;

test.each(SHAPES)('topTriple of random %d x %d matrices is the top one of the full SVD', (nrow, ncol) => {
  for (let seed = 1; seed <= 5; seed++) {
    const shaped = randomMatrix(seed, nrow, ncol);
    const triple = kernel.topTriple(...shaped);
    expectTriple(shaped, triple);
    const { sigma, v } = fullSvd(...shaped);
    const [sigma1 = 0, sigma2 = 0] = sigma;
    const rounding = 8 * Math.max(nrow, ncol) * EPS * sigma1;
    expect(Math.abs(triple.sigma - sigma1)).toBeLessThanOrEqual(rounding);
    const allowed = (8 * triple.residual + rounding) / (sigma1 - sigma2);
    expect(distanceUpToSign(triple.v, v[0] ?? new Float64Array())).toBeLessThanOrEqual(allowed);
  }
});

test('topTriple makes the first component of v of at least half the largest magnitude positive', () => {
  for (let seed = 1; seed <= 20; seed++) {
    expect(orientation(kernel.topTriple(...randomMatrix(seed, 6, 9)).v)).toBe(1);
  }
});

test('topTriple of a negated matrix has the same sigma and v, and u negated', () => {
  const [matrix, nrow, ncol] = randomMatrix(3, 20, 30);
  const triple = kernel.topTriple(matrix, nrow, ncol);
  const negated = kernel.topTriple(matrix.map((x) => -x), nrow, ncol);
  expect(negated.sigma).toBe(triple.sigma);
  expect(negated.v).toEqual(triple.v);
  expect(negated.u).toEqual(triple.u.map((x) => -x));
});

test('topTriple of a transposed matrix exchanges u and v', () => {
  const shaped = randomMatrix(4, 37, 23);
  const triple = kernel.topTriple(...shaped);
  const turned = kernel.topTriple(...transpose(shaped));
  expect(Math.abs(turned.sigma - triple.sigma)).toBeLessThanOrEqual(37 * EPS * triple.sigma);
  expect(distanceUpToSign(turned.u, triple.v)).toBeLessThanOrEqual(1e-12);
  expect(distanceUpToSign(turned.v, triple.u)).toBeLessThanOrEqual(1e-12);
});

test('topTriple returns no less than |X w| for any unit vector w', () => {
  const [matrix, nrow, ncol] = randomMatrix(5, 30, 40);
  const { sigma } = kernel.topTriple(matrix, nrow, ncol);
  for (let seed = 1; seed <= 50; seed++) {
    const w = randomMatrix(seed, ncol, 1)[0];
    const image = product([matrix, nrow, ncol], [w, ncol, 1])[0];
    expect(norm(image) / norm(w)).toBeLessThanOrEqual(sigma * (1 + 40 * EPS));
  }
});

test('topTriple of a diagonal matrix finds its largest entry, wherever it stands', () => {
  for (let place = 0; place < 8; place++) {
    const entries = [1, 2, 3, 4, 5, 6, 7, 8].map((x, index) => (index === place ? -9 : x / 2));
    const { sigma, u, v } = kernel.topTriple(...diagonal(entries));
    expect(Math.abs(sigma - 9)).toBeLessThanOrEqual(8 * 9 * EPS);
    expect(Math.abs((v[place] ?? 0) - 1)).toBeLessThanOrEqual(1e-14);
    expect(Math.abs((u[place] ?? 0) + 1)).toBeLessThanOrEqual(1e-14);
  }
});

test('topTriple restarts its basis, and converges, where the spectrum crowds at the top', () => {
  const size = 400;
  const entries = Array.from({ length: size }, (_, i) => 1 - i / 1e4);
  const shaped = diagonal(entries);
  const triple = kernel.topTriple(...shaped);
  expectTriple(shaped, triple);
  expect(triple.iterations).toBeGreaterThan(48);
  expect(Math.abs(triple.sigma - 1)).toBeLessThanOrEqual(size * EPS);
});

test('topTriple separates two singular values that differ by 1e-9 of themselves', () => {
  const shaped = diagonal([...Array.from({ length: 60 }, (_, i) => i / 100), 1, 1 - 1e-9]);
  const triple = kernel.topTriple(...shaped);
  expectTriple(shaped, triple);
  expect(Math.abs((triple.v[60] ?? 0) - 1)).toBeLessThanOrEqual((8 * triple.residual) / 1e-9);
});

test('topTriple leaves the matrix that it was given as it was', () => {
  const [matrix, nrow, ncol] = randomMatrix(6, 12, 9);
  const before = matrix.slice();
  kernel.topTriple(matrix, nrow, ncol);
  expect(matrix).toEqual(before);
});
