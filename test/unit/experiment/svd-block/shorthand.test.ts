import { describe, expect, test } from 'vitest';
import { planOf } from '../../../../experiment/plan.ts';
import { parseSpec } from '../../../../experiment/spec.ts';
import { svdBlockSpec } from '../../../../experiment/svd-block/shorthand.ts';
import type { SvdBlockShorthand } from '../../../../experiment/svd-block/shorthand.ts';

function planFrom(shorthand: SvdBlockShorthand) {
  return planOf([parseSpec(svdBlockSpec(shorthand), { directory: '/' })]);
}

describe('svdBlockSpec', () => {
  test('is the main experiment unless told otherwise', () => {
    expect(svdBlockSpec({})).toEqual({
      experiment: 'svd-block',
      params: [{ nrow: [1000], ncol: [1000], seed: { range: [0, 1000] } }],
    });
  });

  test('takes blocks for the seeds from 0', () => {
    const plan = planFrom({ blocks: 3, nrow: 20, ncol: 10 });
    expect([0, 1, 2].map((index) => plan.pointAt(index))).toEqual(
      [0, 1, 2].map((seed) => ({ nrow: 20, ncol: 10, seed })),
    );
  });

  test('takes seeds as they are', () => {
    const plan = planFrom({ seeds: [748, 271] });
    expect(plan.size).toBe(2);
    expect(plan.pointAt(0)).toEqual({ nrow: 1000, ncol: 1000, seed: 748 });
  });

  test.each([
    [{ blocks: 1, seeds: [1] }, /give --blocks or --seeds, found both/],
    [{ blocks: 0 }, /--blocks is an integer from 1 to 10000000, found 0/],
    [{ blocks: 1.5 }, /--blocks is an integer/],
    [{ blocks: Number.NaN }, /--blocks is an integer.*found NaN/],
    [{ blocks: 1e9 }, /--blocks is an integer/],
  ])('refuses %j', (shorthand, message) => {
    expect(() => svdBlockSpec(shorthand)).toThrow(message);
  });

  test("leaves an empty list of seeds to the spec's own rule", () => {
    expect(() => planFrom({ seeds: [] })).toThrow(/params\[0\]\.seed: the list is empty/);
  });
});
