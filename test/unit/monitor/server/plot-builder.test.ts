import { expect, test } from 'vitest';
import { reduceSvdBlocks } from '../../../../experiment/svd-block/reduce.ts';
import { loadKernel } from '../../../../kernel/kernel.ts';
import { openPlotBuilder } from '../../../../monitor/server/plot-builder.ts';
import type { Row } from '../../../../wire/row.ts';

const kernel = await loadKernel();

/** `count` rows of unit vectors near v_true, their signs in turn. */
function rows(count: number, ncol = 4): Row[] {
  return Array.from({ length: count }, (_, seed) => {
    const sign = seed % 2 === 0 ? 1 : -1;
    const noise = kernel.normals(seed + 1, ncol);
    const ve = noise.map((draw, j) => sign * ((j % 2 === 0 ? -1 : 1) / Math.sqrt(ncol) + draw / 10));
    return { nrow: 9, ncol, seed, v_alignment: sign * (0.9 + (seed % 10) / 200), ve };
  });
}

test('the curve has a point at 1, 2, 5, 10 ... and at the newest row, each with the error that the reduce has for these rows', () => {
  const builder = openPlotBuilder(kernel);
  const all = rows(23);
  for (const row of all) builder.take(row);
  const { error, single } = builder.plots();
  expect(error.map((point) => point.rows)).toEqual([1, 2, 5, 10, 20, 23]);
  for (const point of error) expect(point.error).toBe(reduceSvdBlocks(kernel, all.slice(0, point.rows)).errorCombined);
  expect(single?.mean).toBeCloseTo(reduceSvdBlocks(kernel, all).errorSingle.mean, 12);
});

test('alignments are counted without their sign, in bins of equal width over those there are', () => {
  const builder = openPlotBuilder(kernel);
  for (const row of rows(50)) builder.take(row);
  builder.take({ v_alignment: 1 });
  builder.take({ v_alignment: Number.NaN });
  const { from, to, counts } = builder.plots().alignments;
  expect(from).toBeGreaterThanOrEqual(0.89);
  expect(to).toBe(1);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(51);
  expect(counts.at(-1)).toBe(1);
});

test('beyond 10^4 rows the curve ends, and the memory with it; rows of another length are left out', () => {
  let combined = 0;
  const builder = openPlotBuilder({ topTriple: (matrix, nrow, ncol) => (combined++, { sigma: 1, u: new Float64Array(nrow), v: matrix.slice(0, ncol), residual: 0, iterations: 1 }) });
  const ve = Float64Array.of(-1, 0);
  for (let row = 0; row < 10_500; row++) builder.take({ v_alignment: 0.5, ve });
  builder.take({ v_alignment: 0.5, ve: Float64Array.of(1, 2, 3) });
  const { error, alignments } = builder.plots();
  expect(error.at(-1)?.rows).toBe(10_000);
  expect([combined, alignments.counts.filter((count) => count > 0)]).toEqual([13, [10_501]]);
});

test('without rows there is nothing to show', () => {
  const { error, single, alignments } = openPlotBuilder(kernel).plots();
  expect([error, single, Math.max(...alignments.counts)]).toEqual([[], null, 0]);
});
