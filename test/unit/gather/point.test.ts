import { describe, expect, test } from 'vitest';
import { pointOf } from '../../../gather/point.ts';
import type { Subject } from '../../../gather/row.ts';
import { SluiceError } from '../../../runtime/errors.ts';
import type { Point } from '../../../wire/point.ts';

const subject = (rest: Partial<Subject> = {}): Subject => ({ parameters: { required: ['a'], optional: ['b'] }, check: () => {}, ...rest });

/** Refuses points of which `isBad` holds. */
const refusing = (isBad: (point: Point) => boolean) => ({
  check: (point: Point): void => {
    if (isBad(point)) throw new SluiceError('bad-point', 'refused');
  },
});

describe('pointOf(values, subject): an empty cell', () => {
  test('is null, and an optional parameter is one that the point does not have', () => {
    expect(pointOf({ a: null, b: null }, subject())).toEqual({ a: null });
    expect(pointOf({ a: null, b: 2 }, subject())).toEqual({ a: null, b: 2 });
  });

  test('is the other where the experiment refuses that', () => {
    expect(pointOf({ a: 1, b: null }, subject(refusing((point) => !('b' in point))))).toEqual({ a: 1, b: null });
    expect(pointOf({ a: null, b: 1 }, subject(refusing((point) => point['a'] === null)))).toEqual({ b: 1 });
    expect(() => pointOf({ a: null, b: 1 }, subject(refusing(() => true)))).toThrow('refused');
  });

  test('is what the plan has, and else what the table has a row of', () => {
    expect(pointOf({ a: 1, b: null }, subject({ planned: (values) => values }))).toEqual({ a: 1, b: null });
    expect(pointOf({ a: 1, b: null }, subject({ planned: () => undefined, isStored: (point) => 'b' in point }))).toEqual({ a: 1, b: null });
  });
});

test('what the experiment refuses is refused, planned or not', () => {
  const refused = refusing(({ a }) => a === 7);
  expect(() => pointOf({ a: 7 }, subject(refused))).toThrow('refused');
  expect(() => pointOf({ a: 7 }, subject({ ...refused, planned: (values) => values }))).toThrow('refused');
});
