import { expect, test } from 'vitest';
import { paceOf, withSample, type Sample } from '../../../monitor/pace.ts';

const at = (seconds: number, settled: number): Sample => ({ atMs: seconds * 1000, settled });
const sampled = (...samples: Sample[]): Sample[] => samples.reduce<Sample[]>(withSample, []);

test('the rate is that of the last minute', () => {
  expect(paceOf(sampled(at(0, 0), at(10, 100), at(65, 200), at(70, 700)))).toBe(10);
  expect(paceOf(sampled(at(0, 0), at(10, 100), at(65, 200), at(71, 701)))).toBe(501 / 6);
});

test('one look tells of no rate, and two at one moment of none either', () => {
  expect(paceOf([])).toBeUndefined();
  expect(paceOf(sampled(at(3, 5)))).toBeUndefined();
  expect(paceOf(sampled(at(3, 5), at(3, 6)))).toBeUndefined();
});

test('a retry, which takes failures back, begins anew and makes no negative rate', () => {
  expect(sampled(at(0, 0), at(10, 100), at(12, 90))).toEqual([at(12, 90)]);
  expect(paceOf(sampled(at(0, 100), at(10, 90), at(20, 110)))).toBe(2);
});

test('however long a watch lasts, it keeps the samples of a minute', () => {
  const samples = sampled(...Array.from({ length: 1000 }, (_, second) => at(second, second)));
  expect(samples).toHaveLength(61);
  expect(paceOf(samples)).toBe(1);
});
