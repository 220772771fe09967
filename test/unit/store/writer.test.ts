import { readdirSync } from 'node:fs';
import { one, POINT_SECONDS, together } from '../../../runtime/histogram.ts';
import { describe, expect, test } from 'vitest';
import { pointKey } from '../../../wire/point.ts';
import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import {
  EXPERIMENT,
  batchOf,
  failureEntry,
  planEntry,
  plannedTable,
  rowEntry,
  storeIn,
  temporaryDirectory,
  writerIn,
} from './entries.ts';

const NOTHING = { rows: 0, duplicates: 0, failures: 0, plans: 0, deadLetters: 0, tables: {}, loads: expect.any(Object) as object };

describe('rows', () => {
  test('a row is stored with its provenance, under one row id', () => {
    const { writer, store } = plannedTable();
    const entry = rowEntry(
      { a: 1 },
      { y: 0.5 },
      {
        provenance: {
          version: '7',
          consumer: 'n3:9',
          attempt: 2,
          seconds: 1.5,
          finishedAtMs: 123.25,
          notes: { residual: 1e-16, method: 'full', ok: true },
        },
      },
    );
    const before = Date.now();
    expect(writer.apply(batchOf(entry))).toEqual({
      ...NOTHING,
      rows: 1,
      tables: { trial_table: { rows: 1, failures: 0, deadLetters: 0 } },
    });
    expect([...store.rows('trial_table')]).toEqual([{ a: 1, y: 0.5 }]);
    const [line, ...others] = store.provenance('trial_table');
    expect(others).toEqual([]);
    expect(line).toMatchObject({ key: entry.key, rowId: 1, ...entry.provenance });
    expect(line?.committedAtMs).toBeGreaterThanOrEqual(before);
  });

  test('a point that comes twice in one batch is stored once, and the first row stays', () => {
    const { writer, store } = plannedTable();
    const result = writer.apply(batchOf(rowEntry({ a: 1 }, { y: 1 }), rowEntry({ a: 1 }, { y: 2 })));
    expect(result).toMatchObject({ rows: 1, duplicates: 1, tables: { trial_table: { rows: 1 } } });
    expect([...store.rows('trial_table')]).toEqual([{ a: 1, y: 1 }]);
  });

  test('a point that comes again in a later batch, or to a later writer, is stored once', () => {
    const { directory, writer } = plannedTable();
    const batch = batchOf(rowEntry({ a: 1 }), rowEntry({ a: 2 }));
    writer.apply(batch);
    expect(writer.apply(batch)).toMatchObject({ rows: 0, duplicates: 2, tables: {} });
    writer.close();
    expect(writerIn(directory).apply(batch)).toMatchObject({ rows: 0, duplicates: 2 });
    expect(storeIn(directory).counts('trial_table')).toEqual({ stored: 2, failed: 0 });
  });

  test('row ids count from 1 without gaps, whatever comes twice', () => {
    const { writer, store } = plannedTable();
    for (const a of [1, 2, 2, 3, 1, 4]) writer.apply(batchOf(rowEntry({ a })));
    expect([...store.provenance('trial_table')].map(({ rowId }) => rowId)).toEqual([1, 2, 3, 4]);
  });

  test('the same point in two tables is two rows', () => {
    const { writer, store } = plannedTable();
    writer.apply(
      batchOf(planEntry({ table: 'other' }), rowEntry({ a: 1 }), rowEntry({ a: 1 }, {}, { table: 'other' })),
    );
    expect(store.counts('trial_table').stored).toBe(1);
    expect(store.counts('other').stored).toBe(1);
  });

  test("a row whose key is another point's, or another experiment's, is set aside", () => {
    const { writer, store } = plannedTable();
    const wrongPoint = rowEntry({ a: 1 }, {}, { key: pointKey(EXPERIMENT, { a: 2 }) });
    const wrongExperiment = rowEntry({ a: 1 }, {}, { key: pointKey('another', { a: 1 }) });
    expect(writer.apply(batchOf(wrongPoint, wrongExperiment))).toEqual({
      ...NOTHING,
      deadLetters: 2,
      tables: { trial_table: { rows: 0, failures: 0, deadLetters: 2 } },
    });
    expect([...store.deadLetters()].map(({ code }) => code)).toEqual([
      'other-experiment',
      'other-experiment',
    ]);
    expect(store.counts('trial_table').stored).toBe(0);
  });

  test('an empty batch changes nothing', () => {
    expect(plannedTable().writer.apply([])).toEqual(NOTHING);
  });
});

describe('failures', () => {
  test('a failure is recorded once a point, and the first stays', () => {
    const { writer, store } = plannedTable();
    const result = writer.apply(
      batchOf(failureEntry({ a: 1 }), failureEntry({ a: 1 }, { message: 'again' })),
    );
    expect(result).toEqual({
      ...NOTHING,
      failures: 1,
      duplicates: 1,
      tables: { trial_table: { rows: 0, failures: 1, deadLetters: 0 } },
    });
    const { kind, table, ...failure } = failureEntry({ a: 1 });
    expect([kind, table]).toEqual(['failure', 'trial_table']);
    expect([...store.failures('trial_table')]).toEqual([failure]);
  });

  test("a row takes the place of its point's failure", () => {
    const { writer, store } = plannedTable();
    writer.apply(batchOf(failureEntry({ a: 1 }), failureEntry({ a: 2 })));
    writer.apply(batchOf(rowEntry({ a: 1 })));
    expect(store.counts('trial_table')).toEqual({ stored: 1, failed: 1 });
    expect([...store.failures('trial_table')].map(({ point }) => point)).toEqual([{ a: 2 }]);
  });

  test('a failure of a point that has its row is not recorded', () => {
    const { writer, store } = plannedTable();
    expect(writer.apply(batchOf(rowEntry({ a: 1 }), failureEntry({ a: 1 })))).toMatchObject({
      rows: 1,
      failures: 0,
      duplicates: 1,
    });
    expect(store.counts('trial_table')).toEqual({ stored: 1, failed: 0 });
  });

  test("a failure whose key is not its point's is set aside", () => {
    const { writer } = plannedTable();
    expect(writer.apply(batchOf(failureEntry({ a: 1 }, { point: { a: 2 } })))).toEqual({
      ...NOTHING,
      deadLetters: 1,
      tables: { trial_table: { rows: 0, failures: 0, deadLetters: 1 } },
    });
  });

  test('retry forgets the failures of the keys that it names, or all', () => {
    const { writer, store } = plannedTable();
    const failures = [1, 2, 3].map((a) => failureEntry({ a }));
    writer.apply(batchOf(...failures));
    writer.apply(batchOf({ kind: 'retry', table: 'trial_table', keys: [failures[1]?.key ?? ''] }));
    expect([...store.failures('trial_table')].map(({ point }) => point['a'])).toEqual(
      expect.arrayContaining([1, 3]),
    );
    expect(writer.apply(batchOf({ kind: 'retry', table: 'trial_table' }))).toEqual(NOTHING);
    expect(store.counts('trial_table').failed).toBe(0);
  });

  test('retry leaves other tables alone', () => {
    const { writer, store } = plannedTable();
    writer.apply(batchOf(failureEntry({ a: 1 }), { kind: 'retry', table: 'unknown_table' }));
    expect(store.counts('trial_table').failed).toBe(1);
  });
});

describe('plans', () => {
  test('a plan registers its table, before any row is there', () => {
    const { store } = plannedTable();
    expect(store.tables()).toEqual(['trial_table']);
    expect(store.table('trial_table')).toMatchObject({
      name: 'trial_table',
      experiment: EXPERIMENT,
      version: '1',
      definition: planEntry().definition,
      specs: [planEntry().spec],
      columns: [],
    });
    expect(store.table('unknown')).toBeUndefined();
  });

  test('specs stand in the order they came, each text once', () => {
    const { writer, store } = plannedTable();
    const texts = ['{"b":1}', '{"a":1}', '{"b":1}', planEntry().spec];
    expect(writer.apply(batchOf(...texts.map((spec) => planEntry({ spec }))))).toEqual({
      ...NOTHING,
      plans: 4,
    });
    expect(store.table('trial_table')?.specs).toEqual([planEntry().spec, '{"b":1}', '{"a":1}']);
  });

  test("a later plan brings the experiment's later version and definition", () => {
    const { writer, store } = plannedTable();
    const definition = { kind: 'module', name: EXPERIMENT, version: '2', path: '/home/me/trial.ts' } as const;
    writer.apply(batchOf(planEntry({ definition })));
    expect(store.table('trial_table')).toMatchObject({ experiment: EXPERIMENT, version: '2', definition });
  });

  test('a plan of another experiment for the table is set aside, and its rows too', () => {
    const { writer, store } = plannedTable();
    const foreign = planEntry({
      definition: { kind: 'builtin', name: 'another', version: '1' },
      spec: '{"c":1}',
    });
    const row = rowEntry({ a: 1 }, {}, { key: pointKey('another', { a: 1 }) });
    expect(writer.apply(batchOf(foreign, row, rowEntry({ a: 2 })))).toMatchObject({
      plans: 0,
      rows: 1,
      deadLetters: 2,
    });
    expect(store.table('trial_table')).toMatchObject({ experiment: EXPERIMENT, specs: [planEntry().spec] });
    expect([...store.deadLetters()][0]?.reason).toBe(
      'the table "trial_table" belongs to the experiment "trial", not to "another"',
    );
  });

  test('a table whose name differs in case only is set aside: to SQLite it is the same', () => {
    const { writer, store } = plannedTable();
    const batch = batchOf(
      planEntry({ table: 'Trial_Table' }),
      rowEntry({ a: 1 }, {}, { table: 'Trial_Table' }),
    );
    expect(writer.apply(batch)).toEqual({ ...NOTHING, deadLetters: 2 });
    expect(store.tables()).toEqual(['trial_table']);
    expect(store.table('Trial_Table')).toBeUndefined();
    expect(store.counts('Trial_Table')).toEqual({ stored: 0, failed: 0 });
  });

  test('cancel drops the specs and keeps the rows, and a plan after it counts', () => {
    const { writer, store } = plannedTable();
    writer.apply(batchOf(rowEntry({ a: 1 }), { kind: 'cancel', table: 'trial_table' }));
    expect(store.table('trial_table')?.specs).toEqual([]);
    expect(store.counts('trial_table').stored).toBe(1);
    writer.apply(batchOf(planEntry()));
    expect(store.table('trial_table')?.specs).toEqual([planEntry().spec]);
  });

  test('cancel of an unknown table does nothing', () => {
    expect(plannedTable().writer.apply(batchOf({ kind: 'cancel', table: 'unknown' }))).toEqual(NOTHING);
  });

  test.each(['select', 'order', 'rowid', 'table_', 'constructor', 'main', 'temp'])(
    'a table may be named %s',
    (table) => {
      const { writer, store } = plannedTable();
      const result = writer.apply(batchOf(planEntry({ table }), rowEntry({ a: 1 }, { y: 2 }, { table })));
      expect(result).toMatchObject({ rows: 1, deadLetters: 0 });
      expect([...store.rows(table, { ordered: true })]).toEqual([{ a: 1, y: 2 }]);
    },
  );
});

test('a batch of every kind is applied in its order', () => {
  const directory = temporaryDirectory();
  const result = writerIn(directory).apply(
    batchOf(
      planEntry(),
      failureEntry({ a: 1 }),
      { kind: 'retry', table: 'trial_table' },
      failureEntry({ a: 2 }),
      rowEntry({ a: 2 }),
      rowEntry({ a: 3 }),
      { kind: 'cancel', table: 'trial_table' },
    ),
  );
  expect(result).toEqual({
    rows: 2,
    duplicates: 0,
    failures: 2,
    plans: 1,
    deadLetters: 0,
    tables: { trial_table: { rows: 2, failures: 2, deadLetters: 0 } },
    loads: expect.any(Object) as object,
  });
  const store = storeIn(directory);
  expect(store.counts('trial_table')).toEqual({ stored: 2, failed: 0 });
  expect(store.table('trial_table')?.specs).toEqual([]);
});

test('a batch tells the bytes of the entries of each table, and how long the points of its stored rows took', () => {
  const { writer } = plannedTable();
  const batch = batchOf(rowEntry({ a: 1 }), rowEntry({ a: 1 }), rowEntry({ a: 2 }), failureEntry({ a: 3 }));
  const { loads } = writer.apply(batch);
  expect(Object.keys(loads)).toEqual(['trial_table']);
  expect(loads['trial_table']?.bytes).toBe(batch.reduce((sum, { bytes }) => sum + bytes.length, 0));
  expect(loads['trial_table']?.pointSeconds).toEqual(together(one(POINT_SECONDS, 0.25), one(POINT_SECONDS, 0.25)));
});

test('pages have 32,768 bytes: a row of 1,000 doubles lies within one', () => {
  const { directory, writer } = plannedTable();
  writer.close();
  const connection = connect(databasePath(directory), { readOnly: true });
  expect(connection.value('PRAGMA page_size')).toBe(32_768);
  connection.close();
});

test('a finished run leaves one file', () => {
  const directory = temporaryDirectory();
  const writer = writerIn(directory);
  writer.apply(batchOf(planEntry(), rowEntry({ a: 1 })));
  expect(readdirSync(directory).sort()).toEqual(['sluice.db3', 'sluice.db3-shm', 'sluice.db3-wal']);
  writer.close();
  expect(readdirSync(directory)).toEqual(['sluice.db3']);
  storeIn(directory).counts('trial_table');
  expect(readdirSync(directory)).toEqual(['sluice.db3']);
});

describe('a plan without a spec', () => {
  test('makes the table, which asks for nothing, and takes no spec from one that is there', () => {
    const directory = temporaryDirectory();
    const writer = writerIn(directory);
    const { spec: _, ...bare } = planEntry();
    expect(writer.apply(batchOf(bare, rowEntry({ a: 1 })))).toMatchObject({ plans: 1, rows: 1, deadLetters: 0 });
    expect(storeIn(directory).table('trial_table')).toMatchObject({ experiment: EXPERIMENT, specs: [] });
    writer.apply(batchOf(planEntry(), bare));
    expect(storeIn(directory).table('trial_table')?.specs).toEqual([planEntry().spec]);
  });
});
