import { describe, expect, test } from 'vitest';
import { alignment, distanceUpToSign, trueVector } from '../../../../experiment/svd-block/signal.ts';

describe('trueVector', () => {
  test('alternates, its first component negative, and is of length 1', () => {
    expect(trueVector(1)).toEqual(new Float64Array([-1]));
    expect(trueVector(4)).toEqual(new Float64Array([-0.5, 0.5, -0.5, 0.5]));
    const v = trueVector(1000);
    expect(Math.abs(alignment(v, v) - 1)).toBeLessThan(1000 * 2 ** -52);
  });
});

describe('alignment', () => {
  test('is the inner product, its sign included', () => {
    expect(alignment(new Float64Array([1, 2]), new Float64Array([3, -4]))).toBe(-5);
  });
});

describe('distanceUpToSign', () => {
  test('is 0 for a vector and its opposite, and symmetric', () => {
    const a = new Float64Array([0.6, 0.8]);
    const b = new Float64Array([-0.8, 0.6]);
    expect(distanceUpToSign(a, a)).toBe(0);
    expect(
      distanceUpToSign(
        a,
        a.map((component) => -component),
      ),
    ).toBe(0);
    expect(distanceUpToSign(a, b)).toBe(distanceUpToSign(b, a));
    expect(Math.abs(distanceUpToSign(a, b) - Math.SQRT2)).toBeLessThan(4 * 2 ** -52);
  });
});
