import { expect, test } from 'vitest';
import { tableStatus } from '../../../monitor/status.ts';
import { batchOf, failureEntry, plannedTable, rowEntry } from '../store/entries.ts';

test('without a broker a table stands as the database says, dead letters included', async () => {
  const { writer, store } = plannedTable();
  writer.apply(batchOf(rowEntry({ a: 1 }), failureEntry({ a: 2 }), rowEntry({ a: 3 }, { 'no name': 1 })));
  const standing = await tableStatus('trial_table', 9, store, undefined);
  expect(standing).toMatchObject({ points: 9, stored: 1, failed: 2, deadLetters: 1, broker: false });
});

test('without a database there is nothing', async () => {
  const standing = await tableStatus('trial_table', 0, undefined, undefined);
  expect(standing).toMatchObject({ experiment: null, stored: 0, failed: 0, deadLetters: 0 });
});
