import { expect, test } from 'vitest';

import { KEPT, LARGEST_BASIS, layOut } from '../../../kernel/layout.ts';

const START = 10_001;
const FOUR_GIBIBYTES = 2 ** 32;

const EXTREMES = [
  [1, 2 ** 28], [2 ** 28, 1], [2, 2 ** 27], [2 ** 27, 2], [3, 89_478_485], [89_478_485, 3],
  [2 ** 14, 2 ** 14], [255, 1_052_688], [256, 2 ** 20], [2 ** 20, 256],
] as const;

test.each(EXTREMES)('a %d x %d matrix and all that its search needs fit into 4 GiB', (nrow, ncol) => {
  expect(layOut(START, nrow, ncol).end).toBeLessThanOrEqual(FOUR_GIBIBYTES);
});

const SHAPES = [[5, 7], [7, 5], [1, 9], [9, 1], [2, 2 ** 21]] as const;

test.each(SHAPES)('the parts of a %d x %d layout do not overlap', (nrow, ncol) => {
  const layout = layOut(START, nrow, ncol);
  const { length, x, partner, basis, scratch, components, round, factors, end, side } = layout;
  const iterates = side === 'none' ? 0 : 1;
  const other = nrow + ncol - length;
  const parts = [
    [x, nrow * ncol],
    [partner, iterates * other],
    [basis, iterates * (LARGEST_BASIS + 1) * length],
    [scratch, iterates * KEPT * length],
    [components, LARGEST_BASIS + 1],
    [round, LARGEST_BASIS + 1],
    [factors, LARGEST_BASIS + 1],
  ] as const;
  let free = START;
  for (const [address, doubles] of parts) {
    expect(address).toBeGreaterThanOrEqual(free);
    expect(address % 64).toBe(0);
    free = address + 8 * doubles;
  }
  expect(end).toBeGreaterThanOrEqual(free);
});

test('the basis is made of right vectors, of left ones where rows are long, of none for one line', () => {
  expect(layOut(START, 300, 200).side).toBe('right');
  expect(layOut(START, 200, 300).side).toBe('right');
  expect(layOut(START, 2, 2 ** 21).side).toBe('left');
  expect(layOut(START, 1, 10).side).toBe('none');
  expect(layOut(START, 10, 1).side).toBe('none');
});
