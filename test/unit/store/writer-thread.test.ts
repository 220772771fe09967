import { expect, onTestFinished, test } from 'vitest';
import { packBatch, unpackBatch } from '../../../store/writer-messages.ts';
import { openWriterThread, type WriterThread } from '../../../store/writer-thread.ts';
import { batchOf, planEntry, rowEntry, storeIn, temporaryDirectory } from './entries.ts';

function threadIn(directory: string): WriterThread {
  const thread = openWriterThread(directory);
  onTestFinished(async () => await thread.close());
  return thread;
}

test('a batch is packed into one buffer of its own and comes out as it went in', () => {
  const shared = Buffer.from('..abc.defg..');
  const batch = [
    { id: '1-0', bytes: shared.subarray(2, 5) },
    { id: '2-0', bytes: Buffer.alloc(0) },
    { id: '3-0', bytes: shared.subarray(6, 10) },
  ];
  const packed = packBatch(batch);
  expect(packed.bytes.byteLength).toBe(7);
  expect(unpackBatch(packed).map(({ id, bytes }) => [id, bytes.toString()])).toEqual([['1-0', 'abc'], ['2-0', ''], ['3-0', 'defg']]);
});

test('a writer in a thread commits before it answers', async () => {
  const directory = temporaryDirectory();
  const thread = threadIn(directory);
  await thread.opened;
  const result = await thread.apply(batchOf(planEntry(), rowEntry({ a: 1 }, { y: 2 })));
  expect(result).toMatchObject({ plans: 1, rows: 1 });
  const store = storeIn(directory);
  expect([...store.rows(store.tables()[0] ?? '')]).toEqual([{ a: 1, y: 2 }]);
});

test('batches asked for at once are applied in their order', async () => {
  const thread = threadIn(temporaryDirectory());
  const results = await Promise.all([
    thread.apply(batchOf(planEntry())),
    thread.apply(batchOf(rowEntry({ a: 1 }))),
    thread.apply(batchOf(rowEntry({ a: 1 }))),
  ]);
  expect(results.map(({ plans, rows, duplicates }) => [plans, rows, duplicates])).toEqual([[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
});

test('a database that cannot be opened is told by `opened` and by every batch, with its code', async () => {
  const thread = threadIn('/dev/null/data');
  await expect(thread.opened).rejects.toMatchObject({ code: 'data-folder' });
  await expect(thread.apply([])).rejects.toMatchObject({ code: 'data-folder' });
});

test('a closed writer leaves one file, and no thread', async () => {
  const directory = temporaryDirectory();
  const thread = threadIn(directory);
  await thread.apply(batchOf(planEntry()));
  await thread.close();
  await expect(thread.apply([])).rejects.toMatchObject({ code: 'writer' });
  const store = storeIn(directory);
  expect(store.tables()).toHaveLength(1);
});
