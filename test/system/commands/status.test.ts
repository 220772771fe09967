import { expect, test } from 'vitest';
import { openWriter } from '../../../store/writer.ts';
import { batchOf, planEntry, rowEntry } from '../../unit/store/entries.ts';
import { openWorkspace } from '../harness/workspace.ts';

test('status counts the dead letters of its table and says where they are, and why', async () => {
  await using space = openWorkspace('status');
  const writer = openWriter(space.data);
  writer.apply(batchOf(planEntry(), rowEntry({ a: 1 }), rowEntry({ a: 2 }, { 'no name': 1 })));
  writer.close();
  expect(await space.json(['status', 'trial_table'])).toMatchObject({ stored: 1, failed: 1, deadLetters: 1 });
  const { stdout } = await space.sluice('status', 'trial_table').ended;
  expect(stdout).toContain('dead letters: 1, kept in sluice_dead_letters; the latest: the column name "no name"');
  expect((await space.sluice('status', 'another').ended).stdout).not.toContain('dead letters');
});
