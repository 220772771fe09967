import { expect, test } from 'vitest';
import { parseGrid } from '../../../../experiment/grid.ts';
import { keysOf } from '../../../../sink/upload/reconcile.ts';
import { pointKey, type Point } from '../../../../wire/point.ts';

const keys = (...points: Point[]) => points.map((point) => pointKey('walk', point));

function keysThere(row: Point, grid?: Record<string, unknown>) {
  return keysOf(row, { experiment: 'walk', parameters: ['a', 'b'], grids: grid === undefined ? [] : [parseGrid(grid, 'grid')] });
}

test("a row's key over there is that of its point, texts and numbers of one parameter told apart", () => {
  expect(keysThere({ a: '3', b: 1 })).toEqual(keys({ a: 3, b: 1 }));
  expect(keysThere({ a: '"3"', b: 1 })).toEqual(keys({ a: '3', b: 1 }));
  expect(keysThere({ a: 'auto', b: true })).toEqual(keys({ a: 'auto', b: true }));
});

test('NULL is a parameter that is null or one that the point lacks, and 1 is true where the plan has that', () => {
  expect(keysThere({ a: 1, b: null })).toEqual(keys({ a: 1, b: null }, { a: 1 }));
  expect(keysThere({ a: 2, b: 1 }, { a: [2], b: [true, 7] })).toEqual(keys({ a: 2, b: 1 }, { a: 2, b: true }));
});
