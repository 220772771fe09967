import { describe, expect, test } from 'vitest';
import type { Point } from '../../../wire/point.ts';
import { pointKey } from '../../../wire/point.ts';
import { GATHERED_VERSION } from '../../../wire/entry.ts';
import { quantile } from '../../../store/provenance.ts';
import { EXPERIMENT, batchOf, failureEntry, planEntry, plannedTable, rowEntry } from './entries.ts';

describe('rows', () => {
  /** Points in the order in which a table gives them back, stored in the order given. */
  function ordered(points: readonly Point[]): unknown[] {
    const { writer, store } = plannedTable();
    writer.apply(batchOf(...points.map((point) => rowEntry(point))));
    return [...store.rows('trial_table', { ordered: true })];
  }

  test('come ordered by their parameters, numbers as numbers', () => {
    expect(
      ordered([
        { n: 10, s: 2 },
        { n: 9, s: 1 },
        { n: 10, s: 1 },
        { n: -1, s: 5 },
        { n: 9.5, s: 0 },
      ]),
    ).toEqual([
      { n: -1, s: 5 },
      { n: 9, s: 1 },
      { n: 9.5, s: 0 },
      { n: 10, s: 1 },
      { n: 10, s: 2 },
    ]);
  });

  test('come with text ordered by code points, and nothing before everything', () => {
    expect(ordered([{ t: 'b' }, { t: 'B' }, { t: null }, { t: 'a' }])).toEqual([
      { t: null },
      { t: 'B' },
      { t: 'a' },
      { t: 'b' },
    ]);
  });

  test('that lack a parameter come before those that have it', () => {
    expect(ordered([{ a: 1, method: 'full' }, { a: 1 }])).toEqual([{ a: 1 }, { a: 1, method: 'full' }]);
  });

  test('come as they were stored unless order is asked for, also beyond one fetch', () => {
    const { writer, store } = plannedTable();
    const numbers = Array.from({ length: 700 }, (_, index) => (index * 337) % 700);
    writer.apply(batchOf(...numbers.map((a) => rowEntry({ a }))));
    expect([...store.rows('trial_table')].map(({ a }) => a)).toEqual(numbers);
    expect([...store.rows('trial_table', { ordered: true })].map(({ a }) => a)).toEqual(
      numbers.toSorted((x, y) => x - y),
    );
  });

  test('may be iterated twice, and an iteration may be left early', () => {
    const { writer, store } = plannedTable();
    writer.apply(batchOf(rowEntry({ a: 1 }), rowEntry({ a: 2 })));
    const rows = store.rows('trial_table');
    for (const row of rows) {
      expect(row).toEqual({ a: 1 });
      break;
    }
    expect([...rows]).toHaveLength(2);
    expect([...rows]).toHaveLength(2);
  });

  test('of an unknown table are none', () => {
    const { store } = plannedTable();
    expect([
      ...store.rows('unknown'),
      ...store.failures('unknown'),
      ...store.provenance('unknown'),
      ...store.cells('unknown'),
    ]).toEqual([]);
    expect([store.counts('unknown'), store.pointSeconds('unknown')]).toEqual([
      { stored: 0, failed: 0 },
      null,
    ]);
  });

  test('of a table that has none yet are none', () => {
    const { store } = plannedTable();
    expect([...store.rows('trial_table'), ...store.rows('trial_table', { ordered: true })]).toEqual([]);
  });

  test('are what is committed: an iteration sees the rows of its beginning, the next one all', () => {
    const { writer, store } = plannedTable();
    writer.apply(batchOf(rowEntry({ a: 1 })));
    const iterator = store.rows('trial_table')[Symbol.iterator]();
    expect(iterator.next().value).toEqual({ a: 1 });
    writer.apply(batchOf(rowEntry({ a: 2 }, { more: 1 })));
    expect(iterator.next().done).toBe(true);
    expect([...store.rows('trial_table')]).toEqual([{ a: 1 }, { a: 2, more: 1 }]);
  });
});

describe('recorded', () => {
  test('tells key by key what is stored, what failed, and what is neither', () => {
    const { writer, store } = plannedTable();
    writer.apply(batchOf(rowEntry({ a: 1 }), failureEntry({ a: 2 }), rowEntry({ a: 4 })));
    const keys = [1, 2, 3, 4].map((a) => pointKey(EXPERIMENT, { a }));
    expect(store.recorded('trial_table', keys)).toEqual(['stored', 'failed', undefined, 'stored']);
    expect(store.recorded('trial_table', [])).toEqual([]);
    expect(store.recorded('unknown', keys)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('sees what was committed since it was called last', () => {
    const { writer, store } = plannedTable();
    const keys = [pointKey(EXPERIMENT, { a: 1 })];
    expect(store.recorded('trial_table', keys)).toEqual([undefined]);
    writer.apply(batchOf(failureEntry({ a: 1 })));
    expect(store.recorded('trial_table', keys)).toEqual(['failed']);
    writer.apply(batchOf(rowEntry({ a: 1 })));
    expect(store.recorded('trial_table', keys)).toEqual(['stored']);
  });

  test('does not mix up tables', () => {
    const { writer, store } = plannedTable();
    writer.apply(batchOf(planEntry({ table: 'other' }), rowEntry({ a: 1 }, {}, { table: 'other' })));
    expect(store.recorded('trial_table', [pointKey(EXPERIMENT, { a: 1 })])).toEqual([undefined]);
  });
});

test('failures come by key, also beyond one fetch', () => {
  const { writer, store } = plannedTable();
  const entries = Array.from({ length: 1001 }, (_, a) => failureEntry({ a, name: `point ${a}` }));
  writer.apply(batchOf(...entries));
  const keys = [...store.failures('trial_table')].map(({ key, point }) => `${key} ${JSON.stringify(point)}`);
  expect(keys).toEqual(entries.map(({ key, point }) => `${key} ${JSON.stringify(point)}`).toSorted());
  expect(store.counts('trial_table').failed).toBe(1001);
});

describe('pointSeconds', () => {
  test("are median and 95th percentile of the seconds of a table's rows", () => {
    const { writer, store } = plannedTable();
    const provenance = rowEntry({ a: 0 }).provenance;
    writer.apply(
      batchOf(
        ...Array.from({ length: 21 }, (_, a) =>
          rowEntry({ a }, {}, { provenance: { ...provenance, seconds: 20 - a } }),
        ),
      ),
    );
    expect(store.pointSeconds('trial_table')).toEqual({ median: 10, p95: 19 });
  });

  test('count the rows committed since a moment only', () => {
    const { writer, store } = plannedTable();
    const provenance = rowEntry({ a: 0 }).provenance;
    writer.apply(batchOf(rowEntry({ a: 1 }, {}, { provenance: { ...provenance, seconds: 1 } })));
    const [first] = store.provenance('trial_table');
    const since = (first?.committedAtMs ?? 0) + 1;
    expect(store.pointSeconds('trial_table', since - 1)).toEqual({ median: 1, p95: 1 });
    expect(store.pointSeconds('trial_table', since)).toBeNull();
  });

  test('leave out rows that were gathered, of which nobody knows how long they took', () => {
    const { writer, store } = plannedTable();
    const provenance = rowEntry({ a: 0 }).provenance;
    const gathered = { ...provenance, version: GATHERED_VERSION, seconds: 0 };
    writer.apply(batchOf(...[1, 2, 3].map((a) => rowEntry({ a }, {}, { provenance: gathered }))));
    expect(store.pointSeconds('trial_table')).toBeNull();
    writer.apply(batchOf(rowEntry({ a: 4 }, {}, { provenance: { ...provenance, seconds: 3 } })));
    expect(store.pointSeconds('trial_table')).toEqual({ median: 3, p95: 3 });
  });

  test('quantile(sorted, q) uses the R-7 method', () => {
    const sorted = Float64Array.of(1, 2, 4, 8);
    expect([0, 0.5, 0.95, 1].map((q) => quantile(sorted, q))).toEqual([1, 3, 4 + 4 * (3 * 0.95 - 2), 8]);
    expect(quantile(Float64Array.of(7), 0.95)).toBe(7);
  });
});

describe('row(table, key)', () => {
  test('is the row of the point, with the fields it came with; also of a shape that came meanwhile', () => {
    const { writer, store } = plannedTable();
    const key = (a: number): string => pointKey(EXPERIMENT, { a });
    writer.apply(batchOf(rowEntry({ a: 1 }, { y: 0.5, ve: Float64Array.of(1, -0.25) }), rowEntry({ a: 2 }, { y: true })));
    expect(store.row('trial_table', key(1))).toEqual({ a: 1, y: 0.5, ve: Float64Array.of(1, -0.25) });
    writer.apply(batchOf(rowEntry({ a: 3 }, { z: 'late', wide: new Float64Array(2_500).fill(0.1) })));
    expect(store.row('trial_table', key(3))).toEqual({ a: 3, z: 'late', wide: new Float64Array(2_500).fill(0.1) });
    expect(store.row('trial_table', key(4))).toBeUndefined();
    expect(store.row('another', key(1))).toBeUndefined();
  });
});

describe('storedFrom(table, consumer, after)', () => {
  test('counts the rows of a consumer above a row id', () => {
    const { writer, store } = plannedTable();
    const from = (a: number, consumer: string) => rowEntry({ a }, {}, { provenance: { ...rowEntry({ a }).provenance, consumer } });
    expect(store.lastRowId('trial_table')).toBe(0);
    writer.apply(batchOf(from(1, 'one'), from(2, 'two'), from(3, 'one'), from(3, 'two'), from(4, 'one')));
    expect(store.lastRowId('trial_table')).toBe(4);
    expect([0, 1, 3, 4].map((after) => store.storedFrom('trial_table', 'one', after))).toEqual([3, 2, 1, 0]);
    expect(store.storedFrom('another', 'one', 0)).toBe(0);
  });
});
