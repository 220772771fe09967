import { expect, test } from 'vitest';

import { ritzPairs } from '../../../kernel/ritz.ts';
import { dot, norm } from './matrices.ts';

const EPS = Number.EPSILON;

// [[2, 1], [1, 2]] in the corner of a matrix three wide; its eigenvalues are 3 and 1.
const CORNER = Float64Array.of(2, 1, 99, 1, 2, 99, 99, 99, 99);

test('ritzPairs solves the leading part alone, the largest value first', () => {
  const { values, vectors } = ritzPairs(CORNER, 3, 2, 2);
  expect(Math.abs((values[0] ?? 0) - 3)).toBeLessThanOrEqual(8 * EPS);
  expect(Math.abs((values[1] ?? 0) - 1)).toBeLessThanOrEqual(8 * EPS);
  expect(Math.abs((vectors[0]?.[0] ?? 0) - (vectors[0]?.[1] ?? 1))).toBeLessThanOrEqual(8 * EPS);
});

test('ritzPairs gives orthonormal vectors', () => {
  const { vectors } = ritzPairs(CORNER, 3, 3, 3);
  vectors.forEach((a, i) => {
    expect(Math.abs(norm(a) - 1)).toBeLessThanOrEqual(8 * EPS);
    for (const b of vectors.slice(i + 1)) expect(Math.abs(dot(a, b))).toBeLessThanOrEqual(8 * EPS);
  });
});

test('ritzPairs gives no more pairs than there are', () => {
  expect(ritzPairs(CORNER, 3, 1, 5)).toEqual({ values: [2], vectors: [Float64Array.of(1)] });
});

test('ritzPairs of zeros ends, with zeros', () => {
  expect(ritzPairs(new Float64Array(16), 4, 4, 2).values).toEqual([0, 0]);
});
