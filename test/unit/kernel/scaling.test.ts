import { expect, test } from 'vitest';

import { loadKernel } from '../../../kernel/kernel.ts';
import { distanceUpToSign, expectTriple, randomMatrix } from './matrices.ts';

const kernel = await loadKernel();
const [matrix, nrow, ncol] = randomMatrix(9, 15, 11);
const reference = kernel.topTriple(matrix, nrow, ncol);

test.each([-900, -600, -200, -127, -1, 1, 127, 200, 600, 900])(
  'topTriple of a matrix times 2^%d is the same but for sigma and residual',
  (exponent) => {
    const factor = 2 ** exponent;
    const scaled = kernel.topTriple(matrix.map((x) => x * factor), nrow, ncol);
    expect(Math.abs(scaled.sigma / factor - reference.sigma)).toBeLessThanOrEqual(1e-14 * reference.sigma);
    expect(distanceUpToSign(scaled.v, reference.v)).toBeLessThanOrEqual(1e-13);
    expect(distanceUpToSign(scaled.u, reference.u)).toBeLessThanOrEqual(1e-13);
    expect(scaled.residual / factor).toBeLessThanOrEqual(1e-13 * reference.sigma);
  },
);

test.each([1e-200, 1e200])('topTriple of a matrix times %d neither underflows nor overflows', (factor) => {
  const scaled = kernel.topTriple(matrix.map((x) => x * factor), nrow, ncol);
  expect(Math.abs(scaled.sigma / factor - reference.sigma)).toBeLessThanOrEqual(1e-13 * reference.sigma);
  expect(distanceUpToSign(scaled.v, reference.v)).toBeLessThanOrEqual(1e-12);
});

test('topTriple of subnormal entries is that of the integers they are', () => {
  const integers = matrix.map((x) => Math.round(x * 1000));
  const expected = kernel.topTriple(integers, nrow, ncol);
  const triple = kernel.topTriple(integers.map((x) => x * Number.MIN_VALUE), nrow, ncol);
  expect(triple.sigma).toBe(Math.round(expected.sigma) * Number.MIN_VALUE);
  expect(distanceUpToSign(triple.v, expected.v)).toBeLessThanOrEqual(1e-12);
});

test('topTriple of the smallest subnormal alone is that number', () => {
  const triple = kernel.topTriple(Float64Array.of(0, 0, Number.MIN_VALUE, 0), 2, 2);
  expect(triple.sigma).toBe(Number.MIN_VALUE);
  expect(Math.abs(triple.v[0] ?? 0)).toBeCloseTo(1, 14);
});

test('topTriple scales single rows and columns too', () => {
  for (const factor of [1e-300, 1e300]) {
    const line = Float64Array.of(3 * factor, 4 * factor);
    expect(Math.abs(kernel.topTriple(line, 1, 2).sigma / factor - 5)).toBeLessThanOrEqual(1e-14);
    expect(Math.abs(kernel.topTriple(line, 2, 1).sigma / factor - 5)).toBeLessThanOrEqual(1e-14);
  }
});

test('topTriple of entries 400 orders of magnitude apart is that of the large ones', () => {
  const mixed = matrix.map((x, index) => (index % ncol < 4 ? x * 1e200 : x * 1e-200));
  const large = matrix.map((x, index) => (index % ncol < 4 ? x : 0));
  const expected = kernel.topTriple(large, nrow, ncol);
  expectTriple([large, nrow, ncol], expected);
  const triple = kernel.topTriple(mixed, nrow, ncol);
  expect(Math.abs(triple.sigma / 1e200 - expected.sigma)).toBeLessThanOrEqual(1e-13 * expected.sigma);
  expect(distanceUpToSign(triple.v, expected.v)).toBeLessThanOrEqual(1e-12);
});

test('topTriple refuses a matrix whose largest singular value no double can hold', () => {
  const huge = new Float64Array(100).fill(Number.MAX_VALUE);
  expect(() => kernel.topTriple(huge, 10, 10)).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
});

test('topValues scales as topTriple does', () => {
  const expected = kernel.topValues(matrix, nrow, ncol, 3);
  for (const factor of [2 ** -900, 2 ** 900]) {
    const values = kernel.topValues(matrix.map((x) => x * factor), nrow, ncol, 3);
    expected.forEach((sigma, index) => {
      expect(Math.abs((values[index] ?? 0) / factor - sigma)).toBeLessThanOrEqual(1e-13 * sigma);
    });
  }
});
