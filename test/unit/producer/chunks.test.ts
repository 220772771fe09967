import { expect, test } from 'vitest';
import { chunksOf } from '../../../producer/chunks.ts';

test.each([
  [[], 3, 3, []],
  [[1], 3, 3, [[1]]],
  [[1, 2, 3], 3, 3, [[1, 2, 3]]],
  [[1, 2, 3, 4], 3, 3, [[1, 2, 3], [4]]],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 1, [[1], [2, 3], [4, 5, 6], [7, 8, 9]]],
  [[1, 2, 3], 2, 9, [[1, 2], [3]]],
])('%j in runs of %i, %i first, doubling, are %j', (items, size, firstSize, chunks) => {
  expect([...chunksOf(items, size, firstSize)]).toEqual(chunks);
});

test('runs are of one size where no first size is given', () => {
  expect([...chunksOf([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
});

test('no more is taken from the source than the chunks that were asked for hold', () => {
  let taken = 0;
  function* endless(): Generator<number> {
    for (;;) yield (taken += 1);
  }
  const chunks = chunksOf(endless(), 4);
  expect(chunks.next().value).toEqual([1, 2, 3, 4]);
  expect(taken).toBe(4);
});
