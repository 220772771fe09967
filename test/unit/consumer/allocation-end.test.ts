import { expect, test } from 'vitest';
import { fits, FLUSH_MARGIN_MS, lastMomentOf } from '../../../consumer/allocation-end.ts';
import { openDurations } from '../../../consumer/durations.ts';

test('the longest of the last points, and a quarter, is what the next one of its table is taken to need', () => {
  const durations = openDurations();
  expect(durations.upper('a')).toBeUndefined();
  for (const seconds of [2, 8, 3]) durations.learn('a', seconds);
  durations.learn('b', 1);
  expect(durations.upper('a')).toBe(10);
  expect(durations.upper('b')).toBe(1.25);
});

test('an outlier is forgotten after 64 points of its table', () => {
  const durations = openDurations();
  durations.learn('a', 1000);
  for (let point = 0; point < 63; point += 1) durations.learn('a', 1);
  expect(durations.upper('a')).toBe(1250);
  durations.learn('a', 1);
  expect(durations.upper('a')).toBe(1.25);
});

test('the mean follows the latest points of all tables', () => {
  const durations = openDurations();
  expect(durations.mean).toBeUndefined();
  durations.learn('a', 1);
  expect(durations.mean).toBe(1);
  durations.learn('b', 2);
  expect(durations.mean).toBeCloseTo(1.1);
});

test('a point fits that ends before the flush of the allocation does begin', () => {
  const endsAtMs = 1_000_000;
  const lastMs = endsAtMs - FLUSH_MARGIN_MS;
  expect(fits(lastMs - 5_001, endsAtMs, 5)).toBe(true);
  expect(fits(lastMs - 5_000, endsAtMs, 5)).toBe(false);
  expect(lastMomentOf(endsAtMs)).toBe(lastMs);
});

test('a point that was never measured is begun until the flush, and any point where no end is known', () => {
  expect(fits(980_000, 1_000_000, undefined)).toBe(true);
  expect(fits(990_000, 1_000_000, undefined)).toBe(false);
  expect(fits(990_000, null, 1e6)).toBe(true);
  expect(lastMomentOf(null)).toBe(Infinity);
});
