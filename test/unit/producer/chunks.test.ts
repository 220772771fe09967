import { expect, test } from 'vitest';
import { chunksOf } from '../../../producer/chunks.ts';

test.each([
  [[], 3, 3, []],
  [[1], 3, 3, [[1]]],
  [[1, 2, 3], 3, 3, [[1, 2, 3]]],
  [[1, 2, 3, 4], 3, 3, [[1, 2, 3], [4]]],
  [[1, 2, 3, 4, 5, 6], 1, 3, [[1], [2, 3, 4], [5, 6]]],
  [[1, 2, 3], 9, 2, [[1, 2], [3]]],
])('%j, %i first, in runs of %i are %j', (items, firstSize, size, chunks) => {
  expect([...chunksOf(items, firstSize, size)]).toEqual(chunks);
});

test('no more is taken from the source than the chunks that were asked for hold', () => {
  let taken = 0;
  function* endless(): Generator<number> {
    for (;;) yield (taken += 1);
  }
  const chunks = chunksOf(endless(), 4, 4);
  expect(chunks.next().value).toEqual([1, 2, 3, 4]);
  expect(taken).toBe(4);
});
