import { expect, test } from 'vitest';
import { parseGrid } from '../../../experiment/grid.ts';
import { parameterKinds } from '../../../experiment/parameter-kinds.ts';

const kinds = (...grids: unknown[]) => parameterKinds(grids.map((grid) => parseGrid(grid, 'grid')));

test('tells which parameters have texts, also beside numbers, and which are not everywhere', () => {
  const { texts, optional } = kinds({ a: ['auto', 3], b: { range: [0, 5] }, c: [true, 1], d: [true, false], e: [null, 2] }, { a: [4], b: [1], c: [1], d: [true] });
  expect([...texts]).toEqual(['a', 'c']);
  expect([...optional]).toEqual(['e']);
});

test('knows nothing without a plan', () => {
  expect(kinds()).toEqual({ texts: new Set(), optional: new Set() });
});
