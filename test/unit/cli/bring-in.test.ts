import { expect, test } from 'vitest';
import { bringIn } from '../../../cli/bring-in.ts';
import { openSpoolInlet } from '../../../sink/spool-inlet.ts';
import { lockForWriting } from '../../../store/lock.ts';
import { silentLog } from '../../../runtime/log.ts';
import { planEntry, plannedTable, rowEntry, temporaryDirectory } from '../store/entries.ts';

const STRANGER = { ...rowEntry({ a: 1 }), table: 'unknown' };

test('what a command records is there when it resolves, and an entry that the database does not take is told of', async () => {
  const data = temporaryDirectory();
  await bringIn(data, [planEntry(), rowEntry({ a: 1 })]);
  await expect(bringIn(data, [rowEntry({ a: 2 }), STRANGER])).rejects.toThrow(/^the database does not take what is to be recorded: .*unknown/);
  await bringIn(data, [rowEntry({ a: 3 })]);
});

test('the same holds where a sink is at work and takes the spool in', async () => {
  const { directory, writer, store } = plannedTable();
  const lock = lockForWriting(directory);
  const inlet = openSpoolInlet(directory, silentLog());
  const brought = async (...entries: Parameters<typeof bringIn>[1]): Promise<void> => {
    const bringing = bringIn(directory, entries);
    for (const file of inlet.files()) {
      writer.apply(file.entries);
      file.remove();
    }
    await bringing;
  };
  await brought(rowEntry({ a: 1 }));
  expect(store.counts('trial_table').stored).toBe(1);
  await expect(brought(STRANGER)).rejects.toMatchObject({ code: 'not-taken' });
  lock.release();
});
