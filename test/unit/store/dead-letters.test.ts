import { expect, test } from 'vitest';
import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import { encodeEntry } from '../../../wire/entry.ts';
import {
  batchOf,
  failureEntry,
  planEntry,
  plannedTable,
  rowEntry,
  storeIn,
  temporaryDirectory,
  writerIn,
} from './entries.ts';

test('bytes that are no entry are kept with the reason, and the rest of the batch goes on', () => {
  const { writer, store } = plannedTable();
  const [row] = batchOf(rowEntry({ a: 1 }));
  const bad = [
    Buffer.from('junk'),
    Buffer.alloc(0),
    Buffer.from([0x80]),
    encodeEntry(rowEntry({ a: 2 })).subarray(0, 40),
  ].map((bytes, index) => ({ id: `bad-${index}`, bytes }));
  const before = Date.now();
  const result = writer.apply([...bad.slice(0, 2), ...(row === undefined ? [] : [row]), ...bad.slice(2)]);
  expect(result).toMatchObject({ rows: 1, deadLetters: 4 });
  const kept = [...store.deadLetters()];
  expect(kept.map(({ entryId }) => entryId)).toEqual(bad.map(({ id }) => id));
  expect(kept.map(({ bytes }) => bytes.toString('hex'))).toEqual(
    bad.map(({ bytes }) => bytes.toString('hex')),
  );
  for (const { code, reason, table, receivedAtMs } of kept) {
    expect(code).toBe('undecodable');
    expect(reason).toMatch(/^not (MessagePack|an entry): /);
    expect(table).toBeUndefined();
    expect(receivedAtMs).toBeGreaterThanOrEqual(before);
  }
});

test('an entry that is delivered twice is one dead letter, and the same id with other bytes another', () => {
  const { writer, store } = plannedTable();
  const batch = [{ id: '1-0', bytes: Buffer.from('junk') }];
  expect(writer.apply(batch).deadLetters).toBe(1);
  expect(writer.apply(batch)).toMatchObject({ deadLetters: 0, duplicates: 1 });
  expect(writer.apply([{ id: '1-0', bytes: Buffer.from('other junk') }]).deadLetters).toBe(1);
  expect([...store.deadLetters()]).toHaveLength(2);
});

test("rows and failures that come before their table's plan wait for it and are then applied in order", () => {
  const directory = temporaryDirectory();
  const writer = writerIn(directory);
  const early = batchOf(
    rowEntry({ a: 1 }, { y: 1 }),
    failureEntry({ a: 2 }),
    rowEntry({ a: 2 }, { y: 2 }),
    failureEntry({ a: 3 }),
    rowEntry({ a: 9 }, {}, { table: 'another' }),
  );
  expect(writer.apply(early)).toMatchObject({ rows: 0, failures: 0, deadLetters: 5, tables: {} });
  const store = storeIn(directory);
  expect([...store.deadLetters()].map(({ code, table }) => `${code} ${table}`)).toEqual([
    ...Array<string>(4).fill('unknown-table trial_table'),
    'unknown-table another',
  ]);
  expect(writer.apply(batchOf(planEntry()))).toEqual({
    rows: 2,
    failures: 2,
    duplicates: 0,
    plans: 1,
    deadLetters: 0,
    tables: { trial_table: { rows: 2, failures: 2, deadLetters: 0 } },
    loads: expect.any(Object) as object,
  });
  expect([...store.rows('trial_table', { ordered: true })]).toEqual([
    { a: 1, y: 1 },
    { a: 2, y: 2 },
  ]);
  expect([...store.failures('trial_table')].map(({ point }) => point)).toEqual([{ a: 3 }]);
  expect([...store.deadLetters()].map(({ table }) => table)).toEqual(['another']);
});

test('of the entries that waited for a plan, those that do not fit become dead letters for that', () => {
  const directory = temporaryDirectory();
  const writer = writerIn(directory);
  writer.apply(
    batchOf(
      rowEntry({ a: 1 }, { 'not a name': 1 }),
      rowEntry({ a: 2 }),
      rowEntry({ a: 3 }, {}, { key: `p${'0'.repeat(32)}` }),
    ),
  );
  expect(writer.apply(batchOf(planEntry()))).toMatchObject({ rows: 1, plans: 1, deadLetters: 2 });
  const store = storeIn(directory);
  expect([...store.deadLetters()].map(({ code }) => code)).toEqual(['bad-column', 'other-experiment']);
  expect(store.counts('trial_table').stored).toBe(1);
});

test('what SQLite itself refuses becomes a dead letter, and the rest of the batch is stored', () => {
  const { directory, writer, store } = plannedTable();
  writer.apply(batchOf(rowEntry({ a: 1 }, { y: 1 })));
  const connection = connect(databasePath(directory));
  connection.exec('CREATE UNIQUE INDEX by_a_user ON trial_table (y)');
  connection.close();
  const result = writer.apply(
    batchOf(
      rowEntry({ a: 2 }, { y: 2 }),
      rowEntry({ a: 3 }, { y: 1 }),
      rowEntry({ a: 4 }, { y: 4 }),
      rowEntry({ a: 5 }, { y: 2 }),
      rowEntry({ a: 6 }, { y: 6 }),
    ),
  );
  expect(result).toEqual({
    rows: 3,
    duplicates: 0,
    failures: 2,
    plans: 0,
    deadLetters: 2,
    tables: { trial_table: { rows: 3, failures: 2, deadLetters: 2 } },
    loads: expect.any(Object) as object,
  });
  expect([...store.deadLetters()].map(({ code, reason }) => `${code}: ${reason}`)).toEqual(
    Array<string>(2).fill('refused: UNIQUE constraint failed: trial_table.y'),
  );
  expect([...store.rows('trial_table')].map(({ a }) => a)).toEqual([1, 2, 4, 6]);
  expect([...store.provenance('trial_table')].map(({ rowId }) => rowId)).toEqual([1, 2, 3, 4]);
});

test("a view that stands in a table's place costs its rows, not the batch", () => {
  const { directory, writer } = plannedTable();
  const connection = connect(databasePath(directory));
  connection.exec('CREATE VIEW blocked AS SELECT 1');
  connection.close();
  const result = writer.apply(
    batchOf(
      planEntry({ table: 'blocked' }),
      rowEntry({ a: 1 }, {}, { table: 'blocked' }),
      rowEntry({ a: 1 }),
    ),
  );
  expect(result).toMatchObject({ rows: 1, plans: 1, deadLetters: 1 });
});

test('the latest dead letter, and their number, are to be had by table', () => {
  const { writer, store } = plannedTable();
  expect(store.latestDeadLetter()).toBeUndefined();
  expect(store.latestDeadLetter('trial_table')).toBeUndefined();
  expect(store.deadLetterCount('trial_table')).toBe(0);
  writer.apply([
    ...batchOf(rowEntry({ a: 1 }, { 'no name': 1 }), rowEntry({ a: 2 }, { 'no name': 1 })),
    ...batchOf(rowEntry({ a: 3 }, {}, { table: 'another' })),
    { id: '9-9', bytes: Buffer.from('junk') },
  ]);
  expect(store.latestDeadLetter()).toEqual([...store.deadLetters()].at(-1));
  expect(store.latestDeadLetter('trial_table')).toEqual([...store.deadLetters()][1]);
  expect(store.latestDeadLetter('another')).toMatchObject({ table: 'another', code: 'unknown-table' });
  expect(store.latestDeadLetter('third')).toBeUndefined();
  expect(['trial_table', 'another', 'third'].map((table) => store.deadLetterCount(table))).toEqual([2, 1, 0]);
});
