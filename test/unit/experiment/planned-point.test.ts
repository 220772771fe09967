import { expect, test } from 'vitest';
import { parseGrid } from '../../../experiment/grid.ts';
import { gridsOfSpecs, plannedPoint } from '../../../experiment/planned-point.ts';

const grids = (...given: unknown[]) => given.map((grid) => parseGrid(grid, 'grid'));

test('finds the point of the plan, also where a file or another database has lost the type of a value', () => {
  const mixed = grids({ a: ['auto', 3, true], b: ['2020'] });
  expect(plannedPoint(mixed, { a: 'auto', b: '2020' })).toEqual({ a: 'auto', b: '2020' });
  expect(plannedPoint(mixed, { a: '3', b: 2020 })).toEqual({ a: 3, b: '2020' });
  expect(plannedPoint(mixed, { a: 1, b: 2020 })).toEqual({ a: true, b: '2020' });
  expect(plannedPoint(mixed, { a: 'True', b: '2020' })).toEqual({ a: true, b: '2020' });
  expect(plannedPoint(mixed, { a: 4, b: 2020 })).toBeUndefined();
});

test('takes an empty value for null or for a parameter that the point does not have, whichever is planned', () => {
  expect(plannedPoint(grids({ a: [1], b: [null, 5] }), { a: 1, b: null })).toEqual({ a: 1, b: null });
  expect(plannedPoint(grids({ a: [1] }, { a: [1], b: [5] }), { a: 1, b: null })).toEqual({ a: 1 });
  expect(plannedPoint(grids({ a: [1], b: [5] }), { a: 1, b: null })).toBeUndefined();
  expect(plannedPoint(grids({ a: [1] }), { a: 1, b: 2 })).toBeUndefined();
});

test('prefers values as they stand', () => {
  expect(plannedPoint(grids({ a: ['3'] }, { a: [3] }), { a: 3 })).toEqual({ a: 3 });
});

test("reads the grids of a table's specs", () => {
  expect(gridsOfSpecs(['{"experiment":"svd-block","params":[{"seed":[1]},{"seed":[2]}]}']).map(({ json }) => json)).toEqual([{ seed: [1] }, { seed: [2] }]);
});
