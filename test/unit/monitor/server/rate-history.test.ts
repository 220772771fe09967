import { expect, test } from 'vitest';
import { openRateHistory } from '../../../../monitor/server/rate-history.ts';

test('samples are a second apart where points settle, and ten where none do', () => {
  const history = openRateHistory();
  for (let atMs = 0; atMs <= 30_000; atMs += 400) history.add(atMs, Math.min(50, Math.floor(atMs / 100)));
  const gaps = history.samples.slice(1).map(({ atMs }, index) => atMs - history.samples[index]!.atMs);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
  expect(gaps.at(-1)).toBeGreaterThanOrEqual(10_000);
  expect(history.samples[1]?.perSecond).toBe(10);
});

test('a day of samples stays within 600, the older ones further apart, and its rates stay true', () => {
  const history = openRateHistory();
  for (let second = 0; second < 86_400; second++) history.add(second * 1_000, second * 3);
  const { samples } = history;
  expect(samples.length).toBeLessThanOrEqual(600);
  expect(samples[0]?.atMs).toBe(0);
  expect(samples.at(-1)?.atMs).toBe(86_399_000);
  expect(new Set(samples.slice(1).map(({ perSecond }) => perSecond))).toEqual(new Set([3]));
  expect(samples[2]!.atMs - samples[1]!.atMs).toBeGreaterThan(samples.at(-1)!.atMs - samples.at(-2)!.atMs);
});

test('a retry, which takes points back, is no rate', () => {
  const history = openRateHistory();
  for (const [atMs, settled] of [[0, 9], [1_000, 4]] as const) history.add(atMs, settled);
  expect(history.samples.at(-1)).toEqual({ atMs: 1_000, settled: 4, perSecond: 0 });
});
