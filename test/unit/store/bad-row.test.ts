import { expect, test } from 'vitest';
import { isPoint } from '../../../store/bad-row.ts';
import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import type { RowEntry } from '../../../wire/entry.ts';
import { pointKey } from '../../../wire/point.ts';
import type { Point } from '../../../wire/point.ts';
import { EXPERIMENT, batchOf, failureEntry, planEntry, plannedTable, rowEntry } from './entries.ts';

/** A row of the point that no table can take. */
function unfitRow(point: Point, rest: Partial<RowEntry> = {}): RowEntry {
  return rowEntry(point, { 'not a name': 1 }, rest);
}

const REASON = 'the column name "not a name" is not a letter or _ followed by letters, digits and _';

test('the point of a row that its table cannot take fails, once, and the dead letter is kept', () => {
  const { writer, store } = plannedTable();
  const { provenance } = rowEntry({ a: 1 });
  const entry = unfitRow({ a: 1 }, { provenance: { ...provenance, version: '7', attempt: 2 } });
  const batch = batchOf(entry, rowEntry({ a: 2 }));
  expect(writer.apply(batch)).toMatchObject({
    rows: 1,
    failures: 1,
    duplicates: 0,
    deadLetters: 1,
    tables: { trial_table: { rows: 1, failures: 1, deadLetters: 1 } },
  });
  const { key } = entry;
  expect([...store.failures('trial_table')]).toEqual([
    {
      key,
      point: { a: 1 },
      code: 'bad-row',
      message: REASON,
      attempts: 2,
      version: '7',
      consumer: 'node1:42',
      finishedAtMs: 1_000.5,
    },
  ]);
  expect(store.recorded('trial_table', [key])).toEqual(['failed']);
  expect([...store.deadLetters()]).toMatchObject([{ code: 'bad-column', reason: REASON }]);
  expect(writer.apply(batch)).toMatchObject({ failures: 0, duplicates: 2, deadLetters: 0, tables: {} });
});

test('a row that would take its table beyond the limit of columns fails its point', () => {
  const { writer, store } = plannedTable();
  const columns = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`y${index}`, index]));
  const wide = rowEntry({ a: 1 }, columns);
  expect(writer.apply(batchOf(wide))).toMatchObject({ failures: 1, deadLetters: 1 });
  expect([...store.failures('trial_table')]).toMatchObject([
    { code: 'bad-row', message: 'the table would have 2001 columns; SQLite allows 2000' },
  ]);
});

test('a row that SQLite itself refuses fails its point', () => {
  const { directory, writer, store } = plannedTable();
  writer.apply(batchOf(rowEntry({ a: 1 }, { y: 1 })));
  const connection = connect(databasePath(directory));
  connection.exec('CREATE UNIQUE INDEX by_a_user ON trial_table (y)');
  connection.close();
  const result = writer.apply(batchOf(rowEntry({ a: 2 }, { y: 1 }), rowEntry({ a: 3 }, { y: 3 })));
  expect(result).toMatchObject({ rows: 1, failures: 1, deadLetters: 1 });
  expect([...store.failures('trial_table')]).toMatchObject([
    { point: { a: 2 }, code: 'bad-row', message: 'UNIQUE constraint failed: trial_table.y' },
  ]);
});

test('after a retry the point may be stored, or fail by the next row', () => {
  const { writer, store } = plannedTable();
  writer.apply(batchOf(unfitRow({ a: 1 }), unfitRow({ a: 2 })));
  writer.apply(batchOf({ kind: 'retry', table: 'trial_table' }));
  expect(store.counts('trial_table')).toEqual({ stored: 0, failed: 0 });
  const entries = batchOf(rowEntry({ a: 1 }), unfitRow({ a: 2 }));
  const again = entries.map(({ bytes }, index) => ({ id: `9-${index}`, bytes }));
  expect(writer.apply(again)).toMatchObject({ rows: 1, failures: 1, deadLetters: 1 });
  expect([...store.failures('trial_table')].map(({ point }) => point)).toEqual([{ a: 2 }]);
  expect(store.deadLetterCount('trial_table')).toBe(3);
});

test('neither the failure nor one that a consumer reports of the same point blocks a later row', () => {
  const { writer, store } = plannedTable();
  const result = writer.apply(batchOf(unfitRow({ a: 1 }), failureEntry({ a: 1 })));
  expect(result).toMatchObject({ failures: 1, duplicates: 1, deadLetters: 1 });
  expect(writer.apply(batchOf(rowEntry({ a: 1 })))).toMatchObject({ rows: 1 });
  expect(store.counts('trial_table')).toEqual({ stored: 1, failed: 0 });
});

test('a point that has its row does not fail by another row', () => {
  const { writer, store } = plannedTable();
  writer.apply(batchOf(rowEntry({ a: 1 })));
  expect(writer.apply(batchOf(unfitRow({ a: 1 })))).toMatchObject({ failures: 0, duplicates: 1 });
  expect(store.counts('trial_table')).toEqual({ stored: 1, failed: 0 });
});

test("a row whose key is not its point's fails no point, and counts for its table", () => {
  const { writer, store } = plannedTable();
  const foreign = unfitRow({ a: 1 }, { key: pointKey('another', { a: 1 }) });
  expect(writer.apply(batchOf(foreign))).toMatchObject({
    failures: 0,
    deadLetters: 1,
    tables: { trial_table: { rows: 0, failures: 0, deadLetters: 1 } },
  });
  expect(store.counts('trial_table').failed).toBe(0);
});

test('a row whose table has no plan, or differs from one by case, fails no point and is no table\'s', () => {
  const { writer, store } = plannedTable();
  const rows = ['unplanned', 'Trial_Table'].map((table) => unfitRow({ a: 1 }, { table }));
  expect(writer.apply(batchOf(...rows))).toMatchObject({ failures: 0, deadLetters: 2, tables: {} });
  expect(store.counts('trial_table').failed).toBe(0);
});

test('a row that waited for its plan fails its point when the plan shows it to be unfit', () => {
  const { writer, store } = plannedTable();
  writer.apply(batchOf(unfitRow({ a: 1 }, { table: 'later' })));
  expect(writer.apply(batchOf(planEntry({ table: 'later' })))).toMatchObject({
    plans: 1,
    failures: 1,
    deadLetters: 1,
    tables: { later: { rows: 0, failures: 1, deadLetters: 1 } },
  });
  expect([...store.failures('later')]).toMatchObject([{ point: { a: 1 }, code: 'bad-row' }]);
});

test('a row with a vector among its parameters is no point of a plan, and fails none', () => {
  const { writer } = plannedTable();
  const point = { a: Float64Array.of(1) } as unknown as Point;
  const entry = rowEntry({}, { a: Float64Array.of(1) }, { parameters: 1, key: pointKey(EXPERIMENT, point) });
  expect(writer.apply(batchOf(entry))).toMatchObject({ failures: 0, deadLetters: 1 });
});

test('isPoint(point) is true for scalars alone', () => {
  expect(isPoint({ a: 1, b: 'b', c: true, d: null })).toBe(true);
  expect(isPoint({ a: [] } as unknown as Point)).toBe(false);
});
