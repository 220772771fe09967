import { expect, test } from 'vitest';
import { openStoredLooker } from '../../../../monitor/server/stored-look.ts';
import { batchOf, failureEntry, plannedTable } from '../../store/entries.ts';

test('each kind of failures has the message by which its points are asked for again, however long', () => {
  const { directory, writer, store } = plannedTable();
  const line = `${'é😀'.repeat(200)} and so on`;
  const message = `${line} at x = 1\nat the second line`;
  writer.apply(batchOf(failureEntry({ a: 1 }, { message }), failureEntry({ a: 2 }, { message: `${line} at x = 2` })));
  const { groups, hidden } = openStoredLooker()(directory, 'trial_table').failures;
  expect([groups.length, hidden]).toEqual([2, 0]);
  for (const group of groups) expect([...store.failures('trial_table', group.message)]).toHaveLength(group.count);
});
