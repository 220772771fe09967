import { expect, test } from 'vitest';
import { HOLD_MS, placesOf } from '../../../../consumer/slot/ahead.ts';

test('a thread holds one computation alone where they take long', () => {
  expect(placesOf(0.2)).toBe(1);
  expect(placesOf(3600)).toBe(1);
});

test('a thread holds the more computations ahead the shorter they are, within a bound', () => {
  expect(placesOf(0.1)).toBe(2);
  expect(placesOf(0.05)).toBe(3);
  expect(placesOf(0.01)).toBe(11);
  expect(placesOf(0)).toBe(33);
  expect(placesOf(1e-9)).toBe(33);
});

test('what a thread holds outlasts the time in which it keeps answers back', () => {
  for (const seconds of [0.004, 0.01, 0.05]) expect((placesOf(seconds) - 1) * seconds * 1000).toBeGreaterThan(HOLD_MS);
});
