import { describe, expect, test } from 'vitest';
import { svdBlockPoint } from '../../../../experiment/svd-block/definition.ts';
import type { Point } from '../../../../wire/point.ts';

const good = { nrow: 1000, ncol: 1000, seed: 0 };

describe('svdBlockPoint', () => {
  test.each([
    [good, 'lanczos'],
    [{ nrow: 1, ncol: 1, seed: 899_999_999_999 }, 'lanczos'],
    [{ nrow: 2 ** 28, ncol: 1, seed: 1 }, 'lanczos'],
    [{ nrow: 2 ** 14, ncol: 2 ** 14, seed: 1 }, 'lanczos'],
    [{ ...good, method: 'lanczos' }, 'lanczos'],
    [{ nrow: 2000, ncol: 2000, seed: 0, method: 'full' }, 'full'],
  ])('takes %j', (point, method) => {
    expect(svdBlockPoint(point)).toEqual({ ...point, method });
  });

  test.each<[Point, RegExp]>([
    [{ ...good, nrow: 0 }, /nrow is an integer from 1 to 268435456, found 0/],
    [{ ...good, nrow: -1 }, /nrow is an integer .* found -1/],
    [{ ...good, nrow: 1.5 }, /nrow is an integer .* found 1\.5/],
    [{ ...good, nrow: 1e9 }, /nrow is an integer .* found 1000000000/],
    [{ ...good, nrow: '1000' }, /nrow is an integer .* found "1000"/],
    [{ ...good, ncol: null }, /ncol is an integer .* found null/],
    [{ ...good, ncol: true }, /ncol is an integer .* found true/],
    [
      { ...good, nrow: 2 ** 14, ncol: 2 ** 14 + 1 },
      /nrow \* ncol is at most 2\^28 = 268435456, found 16384 \* 16385/,
    ],
    [{ ...good, seed: -1 }, /seed is an integer from 0 to 899999999999, found -1/],
    [{ ...good, seed: 9e11 }, /seed is an integer .* found 900000000000/],
    [{ ...good, seed: 0.5 }, /seed is an integer/],
    [{ nrow: 1, ncol: 1 }, /parameter "seed" is missing; it takes nrow, ncol, seed/],
    [{}, /parameter "nrow" is missing/],
    [
      { ...good, sed: 1 },
      /unknown parameter "sed"; it takes nrow, ncol, seed, method \(did you mean "seed"\?\)/,
    ],
    [{ ...good, strength: 3 }, /unknown parameter "strength"; it takes/],
    [{ ...good, method: 'svd' }, /method is "lanczos" or "full", found "svd"/],
    [{ ...good, method: null }, /method is "lanczos" or "full", found null/],
    [
      { nrow: 2000, ncol: 2001, seed: 0, method: 'full' },
      /"full" takes nrow \* ncol of at most 4000000, found 4002000/,
    ],
  ])('refuses %j with one line that names the parameter', (point, message) => {
    expect(() => svdBlockPoint(point)).toThrow(message);
    expect(() => svdBlockPoint(point)).toThrow(expect.objectContaining({ code: 'bad-point', exitCode: 2 }));
  });
});
