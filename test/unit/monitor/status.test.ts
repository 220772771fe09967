import { expect, test } from 'vitest';
import { storedStatus } from '../../../monitor/status.ts';
import { batchOf, failureEntry, plannedTable, rowEntry } from '../store/entries.ts';

test('a table stands as the database says, dead letters included', () => {
  const { writer, store } = plannedTable();
  writer.apply(batchOf(rowEntry({ a: 1 }), failureEntry({ a: 2 }), rowEntry({ a: 3 }, { 'no name': 1 })));
  const standing = storedStatus(store, 'trial_table', 9);
  expect(standing).toMatchObject({ points: 9, stored: 1, failed: 2, deadLetters: 1 });
});

test('without a database there is nothing', () => {
  const standing = storedStatus(undefined, 'trial_table', 0);
  expect(standing).toMatchObject({ experiment: null, stored: 0, failed: 0, deadLetters: 0 });
});
