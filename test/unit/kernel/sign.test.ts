import { expect, test } from 'vitest';

import { orientation, orientVector } from '../../../kernel/sign.ts';

test('orientVector turns a vector whose first large component is negative', () => {
  expect(orientVector(Float64Array.of(-3, 1, 2))).toEqual(Float64Array.of(3, -1, -2));
});

test('orientVector passes over components of less than half the largest magnitude', () => {
  expect(orientVector(Float64Array.of(-1, 1.9, 4))).toEqual(Float64Array.of(-1, 1.9, 4));
  expect(orientVector(Float64Array.of(1, -2.1, 4))).toEqual(Float64Array.of(-1, 2.1, -4));
});

test('orientVector counts a component of exactly half the largest magnitude', () => {
  expect(orientVector(Float64Array.of(-2, 4))).toEqual(Float64Array.of(2, -4));
});

test('orientVector chooses alike for components that tie to rounding', () => {
  const nearly = 1 - Number.EPSILON;
  expect(orientation(Float64Array.of(-1, nearly))).toBe(-1);
  expect(orientation(Float64Array.of(-nearly, 1))).toBe(-1);
});

test('orientVector gives the same for v and -v, and twice the same', () => {
  const v = Float64Array.of(0.1, -0.7, 0.7);
  const oriented = orientVector(v);
  expect(orientVector(v.map((x) => -x))).toEqual(oriented);
  expect(orientVector(oriented)).toEqual(oriented);
});

test('orientVector copies, and leaves its argument alone', () => {
  const v = Float64Array.of(-1);
  expect(orientVector(v)).not.toBe(v);
  expect(v).toEqual(Float64Array.of(-1));
});

test('orientation of zeros, and of nothing, is 1', () => {
  expect(orientation(new Float64Array(3))).toBe(1);
  expect(orientation(new Float64Array())).toBe(1);
});
