import { expect, test } from 'vitest';
import { openLogBins } from '../../../../monitor/report/log-bins.ts';
import { originOf } from '../../../../monitor/report/origin.ts';
import { openTimeline } from '../../../../monitor/report/timeline.ts';
import { svdBlockPlots } from '../../../../monitor/report/svd-block-plots.ts';
import { quantile, type StoredProvenance } from '../../../../store/provenance.ts';
import { trueVector } from '../../../../experiment/svd-block/signal.ts';
import type { Row } from '../../../../wire/row.ts';

const line = (index: number): StoredProvenance => ({
  key: `p${index}`, rowId: index + 1, version: index < 6 ? '1' : '2', consumer: `node${index % 3}:40${index}`, attempt: index === 4 ? 2 : 1,
  seconds: 0.5 * (index + 1), finishedAtMs: 10_000 + index * 1000, committedAtMs: 10_200 + index * 1000, notes: {},
});

test('rows are counted by version and host, and their seconds summed', () => {
  const origin = originOf(Array.from({ length: 10 }, (_, index) => line(index)));
  expect(origin.versions).toEqual([{ name: '1', rows: 6 }, { name: '2', rows: 4 }]);
  expect(origin.hosts).toEqual([{ name: 'node0', rows: 4 }, { name: 'node1', rows: 3 }, { name: 'node2', rows: 3 }]);
  expect([origin.rows, origin.consumers, origin.retried, origin.coreSeconds]).toEqual([10, 10, 1, 27.5]);
  // The first to begin is the one that ended first, half a second before.
  expect([origin.firstMs, origin.lastMs]).toEqual([9500, 19_200]);
  expect([origin.pointSeconds?.least, origin.pointSeconds?.most]).toEqual([0.5, 5]);
  expect(origin.committed.at(-1)?.count).toBe(10);
});

test('of no rows nothing is told', () => {
  const origin = originOf([]);
  expect([origin.rows, origin.firstMs, origin.pointSeconds, origin.committed, origin.secondsBars]).toEqual([0, null, null, [], []]);
});

test('quantiles of the bins are within 1 % of those of the numbers, and bars hold every one', () => {
  const bins = openLogBins();
  const values = Float64Array.from({ length: 5000 }, (_, index) => 0.003 * 1.002 ** index).map((value, index) => (index % 7 === 0 ? value * 3 : value));
  for (const value of values) bins.add(value);
  values.sort();
  for (const q of [0.05, 0.5, 0.95]) expect(Math.abs((bins.quantile(q) ?? 0) / quantile(values, q) - 1)).toBeLessThan(0.0125);
  const bars = bins.bars();
  expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
  for (const [index, bar] of bars.entries()) if (index > 0) expect(bar.from).toBe(bars[index - 1]?.to);
});

test('a number that is no duration is counted, in the outermost bin', () => {
  const bins = openLogBins();
  for (const value of [0, 1e-30, 1e30]) bins.add(value);
  expect(bins.bars().reduce((sum, { count }) => sum + count, 0)).toBe(3);
});

test('a timeline stays short however long it takes, and loses no moment', () => {
  const timeline = openTimeline();
  for (let index = 0; index < 50_000; index++) timeline.add(1e12 + index * 997);
  timeline.add(1e12 - 5);
  const steps = timeline.steps();
  expect(steps.length).toBeLessThanOrEqual(601);
  expect(steps.at(-1)?.count).toBe(50_001);
  expect(steps[0]).toEqual({ atMs: 1e12, count: 0 });
  for (const [index, step] of steps.entries()) if (index > 0) expect(step.count).toBeGreaterThan(steps[index - 1]?.count ?? 0);
});

test('the recombined vector of rows that are the true one has no error; rows that cannot be recombined have no plots', async () => {
  const v = trueVector(8);
  const row = (sign: number): Row => ({ nrow: 8, ncol: 8, seed: 1, v_alignment: sign, ve: v.map((component) => sign * component) });
  const plots = await svdBlockPlots([row(1), row(-1), row(1)]);
  expect(plots?.error.map(({ rows }) => rows)).toEqual([1, 2, 3]);
  for (const { error } of plots?.error ?? []) expect(error).toBeLessThan(64 * Number.EPSILON);
  expect(plots?.alignments.counts.reduce((sum, count) => sum + count, 0)).toBe(3);
  expect(await svdBlockPlots([row(1), { ...row(1), ve: trueVector(9) }])).toBeNull();
  expect(await svdBlockPlots([{ nrow: 1, ncol: 1, seed: 1, v_alignment: 1 }])).toBeNull();
  expect(await svdBlockPlots([])).toBeNull();
});
