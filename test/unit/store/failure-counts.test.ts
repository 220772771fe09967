import { expect, test } from 'vitest';
import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import { openWriter } from '../../../store/writer.ts';
import { DROP_COUNTS, batchOf, failureEntry, planEntry, plannedTable, rowEntry, storeIn, temporaryDirectory } from './entries.ts';

const TABLE = 'trial_table';

test('failures are counted by the first line of their messages as they come, and no more once they are forgotten', () => {
  const { writer, store } = plannedTable();
  const failures = [1, 2, 3, 4, 5].map((a) => failureEntry({ a }, { message: a < 4 ? `often\nat line ${a}` : `rare ${a}` }));
  writer.apply(batchOf(...failures, failures[0]!));
  expect(store.counts(TABLE).failed).toBe(5);
  expect(store.failureGroups(TABLE)).toEqual([{ message: 'often', count: 3 }, { message: 'rare 4', count: 1 }, { message: 'rare 5', count: 1 }]);
  expect(store.failureGroups(TABLE, 1)).toEqual([{ message: 'often', count: 3 }]);
  expect(new Set(Array.from(store.failures(TABLE, 'often'), ({ point }) => point['a']))).toEqual(new Set([1, 2, 3]));
  expect([...store.failures(TABLE, 'oft')]).toEqual([]);
  writer.apply(batchOf({ kind: 'retry', table: TABLE, keys: [failures[0]!.key, failures[4]!.key] }, rowEntry({ a: 4 })));
  expect([store.counts(TABLE), store.failureGroups(TABLE)]).toEqual([{ stored: 1, failed: 2 }, [{ message: 'often', count: 2 }]]);
  writer.apply(batchOf({ kind: 'retry', table: TABLE }));
  expect([store.counts(TABLE).failed, store.failureGroups(TABLE)]).toEqual([0, []]);
});

test('a message without end is told apart by its first 500 characters', () => {
  const { writer, store } = plannedTable();
  writer.apply(batchOf(failureEntry({ a: 1 }, { message: 'x'.repeat(3_000) }), failureEntry({ a: 2 }, { message: `${'x'.repeat(500)}y` })));
  expect(store.failureGroups(TABLE)).toEqual([{ message: 'x'.repeat(500), count: 2 }]);
  expect([...store.failures(TABLE, 'x'.repeat(500))]).toHaveLength(2);
});

test('a database of before there were counts is read as it is, and gains them by its writer', () => {
  const directory = temporaryDirectory();
  const writer = openWriter(directory);
  writer.apply(batchOf(planEntry(), failureEntry({ a: 1 }, { message: 'one' }), failureEntry({ a: 2 }, { message: 'one' })));
  writer.close();
  const connection = connect(databasePath(directory));
  connection.exec(`${DROP_COUNTS} PRAGMA user_version = 2`);
  connection.close();
  const seen = () => [storeIn(directory).counts(TABLE), storeIn(directory).failureGroups(TABLE)];
  const before = seen();
  expect(before).toEqual([{ stored: 0, failed: 2 }, [{ message: 'one', count: 2 }]]);
  const renewed = openWriter(directory);
  expect(seen()).toEqual(before);
  renewed.apply(batchOf({ kind: 'retry', table: TABLE }));
  renewed.close();
  expect(seen()).toEqual([{ stored: 0, failed: 0 }, []]);
});
