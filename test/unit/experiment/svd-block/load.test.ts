import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Experiment } from '../../../../experiment/experiment.ts';
import { loadExperiment } from '../../../../experiment/registry.ts';
import { rowOf } from '../../../../experiment/row-of.ts';
import { distanceUpToSign, trueVector } from '../../../../experiment/svd-block/signal.ts';
import type { Point, Scalar } from '../../../../wire/point.ts';
import type { Row } from '../../../../wire/row.ts';

interface Block {
  nrow: number;
  ncol: number;
  seed: number;
  v_alignment_numpy_sign: number;
  sigma: number[];
  v_f64le_base64: string;
}

interface NumpyReduce {
  rows: number;
  error_recombined: number;
  error_single_mean: number;
  error_single_seed0: number;
  sigma1: number;
  sigma2: number;
}

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8'));
const { blocks } = fixture('numpy-blocks.json') as { blocks: Block[] };
const numpyReduce = fixture('numpy-reduce.json') as NumpyReduce;
const DEFINITION = { kind: 'builtin', name: 'svd-block', version: '1' } as const;

let experiment: Experiment;

beforeAll(async () => {
  experiment = await loadExperiment(DEFINITION);
});

async function compute(point: Point) {
  const notes: Record<string, Scalar> = {};
  const result = await experiment.run(point, {
    note: (name, value) => {
      notes[name] = value;
    },
  });
  return { row: rowOf(point, result), notes };
}

async function rowsOf(points: readonly Point[]) {
  const rows: Row[] = [];
  for (const point of points) rows.push((await compute(point)).row);
  return rows;
}

function doubles(base64: string) {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new Float64Array(bytes.buffer);
}

describe("svd-block's row", () => {
  test.each(blocks)('at $nrow x $ncol, seed $seed, agrees with NumPy to 1e-12 up to sign', async (block) => {
    const { nrow, ncol, seed } = block;
    const { row, notes } = await compute({ nrow, ncol, seed });
    const ve = row['ve'] as Float64Array;
    expect(Object.keys(row)).toEqual(['nrow', 'ncol', 'seed', 'v_alignment', 've']);
    expect(distanceUpToSign(ve, doubles(block.v_f64le_base64))).toBeLessThan(1e-12);
    expect(
      Math.abs(Math.abs(row['v_alignment'] as number) - Math.abs(block.v_alignment_numpy_sign)),
    ).toBeLessThan(1e-12);
    const inner = ve.reduce((sum, component, j) => sum + (component * (-1) ** (j + 1)) / Math.sqrt(ncol), 0);
    expect(Math.abs((row['v_alignment'] as number) - inner)).toBeLessThan(1e-12);
    expect(Math.abs((notes['sigma1'] as number) - block.sigma[0]!)).toBeLessThan(1e-12 * block.sigma[0]!);
    expect(notes['method']).toBe('lanczos');
    expect(notes['residual']).toBeLessThanOrEqual(
      4 * Math.sqrt(Math.max(nrow, ncol)) * 2 ** -52 * block.sigma[0]!,
    );
  });

  test.each([
    [50, 30, 0],
    [30, 50, 1],
    [1, 5, 4],
    [5, 1, 5],
    [1, 1, 0],
    [120, 80, 3],
  ])('at %i x %i is the same by the full SVD', async (nrow, ncol, seed) => {
    const lanczos = await compute({ nrow, ncol, seed });
    const full = await compute({ nrow, ncol, seed, method: 'full' });
    expect(full.row['method']).toBe('full');
    expect(full.notes['method']).toBe('full');
    const tolerance = 100 * 2 ** -52 * Math.sqrt(nrow * ncol);
    const [a, b] = [lanczos.row['ve'], full.row['ve']] as [Float64Array, Float64Array];
    expect(Math.hypot(...a.map((component, j) => component - b[j]!))).toBeLessThan(tolerance);
    expect(
      Math.abs((full.row['v_alignment'] as number) - (lanczos.row['v_alignment'] as number)),
    ).toBeLessThan(tolerance);
    expect(full.notes['residual']).toBeLessThan(tolerance * (full.notes['sigma1'] as number));
  });

  test('is the same bit for bit when computed again', async () => {
    const point = { nrow: 40, ncol: 60, seed: 7 };
    expect((await compute(point)).row).toEqual((await compute(point)).row);
  });

  test('is not computed at a point that the check refuses', async () => {
    await expect(compute({ nrow: 1e9, ncol: 1e9, seed: 0 })).rejects.toMatchObject({ code: 'bad-point' });
  });
});

describe("svd-block's reduce", () => {
  test('over seeds 0 to 199 agrees with NumPy to 1e-9', { timeout: 60_000 }, async () => {
    const points = Array.from({ length: numpyReduce.rows }, (_, seed) => ({ nrow: 1000, ncol: 1000, seed }));
    const rows = await rowsOf(points);
    const answer = await experiment.reduce!(rows);
    expect(answer).toMatchObject({ rows: 200, ncol: 1000 });
    const { errorCombined, errorSingle, improvement, sigma1, sigma2 } = answer as Record<string, number> & {
      errorSingle: { mean: number; min: number; max: number };
    };
    expect(Math.abs(errorCombined! - numpyReduce.error_recombined)).toBeLessThan(1e-9);
    expect(Math.abs(errorSingle.mean - numpyReduce.error_single_mean)).toBeLessThan(1e-9);
    expect(Math.abs(sigma1! - numpyReduce.sigma1)).toBeLessThan(1e-9);
    expect(Math.abs(sigma2! - numpyReduce.sigma2)).toBeLessThan(1e-9);
    expect(improvement).toBeCloseTo(errorSingle.mean / errorCombined!, 12);
    expect(improvement).toBeGreaterThan(Math.sqrt(200) * 0.9);
    expect(errorSingle.min).toBeLessThan(errorSingle.mean);
    expect(errorSingle.max).toBeGreaterThan(errorSingle.mean);

    const one = (await experiment.reduce!(rows.slice(0, 1))) as { errorSingle: { mean: number } };
    expect(Math.abs(one.errorSingle.mean - numpyReduce.error_single_seed0)).toBeLessThan(1e-9);
  });

  test('does not depend on the signs nor on the order of the vectors', async () => {
    const rows = await rowsOf([0, 1, 2, 3, 4].map((seed) => ({ nrow: 50, ncol: 30, seed })));
    const flipped = rows.map((row, index) =>
      index % 2 === 0 ? row : { ...row, ve: (row['ve'] as Float64Array).map((component) => -component) },
    );
    const [a, b] = [await experiment.reduce!(rows), await experiment.reduce!(flipped.toReversed())] as Record<
      string,
      number
    >[];
    for (const name of ['errorCombined', 'sigma1', 'sigma2', 'improvement']) {
      expect(Math.abs(a![name]! - b![name]!)).toBeLessThan(1e-12 * Math.max(1, a![name]!));
    }
  });

  test("of one row is that row's own error, and its second singular value is 0", async () => {
    const rows = await rowsOf([{ nrow: 50, ncol: 30, seed: 0 }]);
    const answer = await experiment.reduce!(rows);
    const error = distanceUpToSign(rows[0]!['ve'] as Float64Array, trueVector(30));
    expect(answer).toMatchObject({
      rows: 1,
      ncol: 30,
      sigma2: 0,
      errorSingle: { mean: error, min: error, max: error },
    });
    expect(Math.abs((answer['errorCombined'] as number) - error)).toBeLessThan(1e-14);
  });

  test('of one column has no improvement to state', async () => {
    const rows = await rowsOf([0, 1].map((seed) => ({ nrow: 5, ncol: 1, seed })));
    expect(await experiment.reduce!(rows)).toMatchObject({
      ncol: 1,
      errorCombined: 0,
      improvement: null,
      sigma2: 0,
    });
  });

  test('reads an iterable that can be read once', async () => {
    const rows = await rowsOf([0, 1].map((seed) => ({ nrow: 20, ncol: 10, seed })));
    expect(await experiment.reduce!(rows.values())).toMatchObject({ rows: 2 });
  });

  test.each([
    [[], /svd-block: there are no rows yet/],
    [
      [
        { ncol: 2, ve: new Float64Array(2) },
        { ncol: 3, ve: new Float64Array(3) },
      ],
      /one ncol, found 2, 3; keep one table/,
    ],
    [
      [{ ncol: 2, ve: new Float64Array(3) }],
      /a vector "ve" of ncol = 2 components in every row, found 3 components/,
    ],
    [[{ ncol: 2 }], /found undefined/],
    [[{ ncol: 2, ve: 'x' }], /found "x"/],
  ])('refuses rows %# with a clear message', (rows, message) => {
    expect(() => experiment.reduce!(rows)).toThrow(message);
    expect(() => experiment.reduce!(rows)).toThrow(
      expect.objectContaining({ code: 'cannot-reduce', exitCode: 1 }),
    );
  });
});
