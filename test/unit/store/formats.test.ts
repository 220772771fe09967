import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { ndjsonChunks } from '../../../store/ndjson.ts';
import { parquetChunks } from '../../../store/parquet.ts';
import type { Store } from '../../../store/store.ts';
import type { Row } from '../../../wire/row.ts';
import { batchOf, plannedTable, rowEntry } from './entries.ts';

const ROWS: readonly Row[] = [
  { a: 2, count: 2 ** 53 - 1, y: 0.1, mixed: 1, yes: true, text: 'ä "b"\n', none: null, ve: Float64Array.of(1 / 3, -1e-300) },
  { a: 1, count: -5, y: 3, mixed: 'two', yes: false, text: '', none: null, ve: Float64Array.of(Number.NaN, Infinity) },
  { a: 3, y: Infinity, late: 7 },
];

function tableOf(rows: readonly Row[]): Store {
  const { writer, store } = plannedTable();
  writer.apply(batchOf(...rows.map((row) => rowEntry({ a: row['a'] as number }, row))));
  return store;
}

/** The Parquet file of the tests' table, as one buffer. */
function parquetOf(store: Store): ArrayBuffer {
  const file = Buffer.concat([...parquetChunks(store, 'trial_table')]);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
}

describe('parquetChunks(store, table)', () => {
  test('has columns of the types that readers expect', () => {
    const { children } = parquetSchema(parquetMetadata(parquetOf(tableOf(ROWS))));
    const types = children.map(({ element: { name, type, converted_type: converted } }) => `${name} ${converted ?? type}`);
    expect(types).toEqual([
      'a INT64', 'count INT64', 'y DOUBLE', 'mixed UTF8', 'yes BOOLEAN', 'text UTF8', 'none DOUBLE', 've000 DOUBLE', 've001 DOUBLE', 'late INT64',
    ]);
    expect(children.every(({ element }) => element.repetition_type === 'OPTIONAL')).toBe(true);
  });

  test('is read back with every bit, by the parameters', async () => {
    const rows = await parquetReadObjects({ file: parquetOf(tableOf(ROWS)) });
    const nothing = { count: null, mixed: null, yes: null, text: null, none: null, ve000: null, ve001: null, late: null };
    expect(rows).toEqual([
      { ...nothing, a: 1n, count: -5n, y: 3, mixed: 'two', yes: false, text: '', ve001: Infinity },
      { ...nothing, a: 2n, count: 2n ** 53n - 1n, y: 0.1, mixed: '1', yes: true, text: 'ä "b"\n', ve000: 1 / 3, ve001: -1e-300 },
      { ...nothing, a: 3n, y: Infinity, late: 7n },
    ]);
  });

  test('keeps a vector that is kept whole as a list of doubles', async () => {
    const wide = Float64Array.from({ length: 2_500 }, (_, index) => Math.sin(index));
    const store = tableOf([{ a: 1, wide }, { a: 2, wide: wide.map((value) => value / 3) }, { a: 3 }]);
    const rows = await parquetReadObjects({ file: parquetOf(store) });
    expect(rows).toEqual([{ a: 1n, wide: [...wide] }, { a: 2n, wide: [...wide].map((value) => value / 3) }, { a: 3n, wide: undefined }]);
  });

  test('comes in row groups, however many rows there are', async () => {
    const store = tableOf(Array.from({ length: 3_000 }, (_, a) => ({ a, ve: new Float64Array(999).fill(a / 7) })));
    const { row_groups: groups, num_rows: rows } = parquetMetadata(parquetOf(store));
    expect([rows, groups.map((group) => Number(group.num_rows))]).toEqual([3_000n, [1_049, 1_049, 902]]);
    const [last] = await parquetReadObjects({ file: parquetOf(store), rowStart: 2_999, columns: ['a', 've998'] });
    expect(last).toEqual({ a: 2_999n, ve998: 2_999 / 7 });
  });

  test('of a table without rows is refused', () => {
    const { store } = plannedTable();
    expect(() => [...parquetChunks(store, 'trial_table')]).toThrow('table trial_table has no rows yet');
  });
});

describe('ndjsonChunks(store, table)', () => {
  const linesOf = (store: Store): string[] => [...ndjsonChunks(store, 'trial_table')].join('').split('\n');

  test('has an object a line, by the parameters, with every digit', () => {
    const lines = linesOf(tableOf(ROWS));
    expect(lines).toEqual([
      '{"a":1,"count":-5,"y":3,"mixed":"two","yes":false,"text":"","none":null,"ve000":null,"ve001":null,"late":null}',
      `{"a":2,"count":9007199254740991,"y":0.1,"mixed":1,"yes":true,"text":"ä \\"b\\"\\n","none":null,"ve000":${1 / 3},"ve001":-1e-300,"late":null}`,
      '{"a":3,"count":null,"y":null,"mixed":null,"yes":null,"text":null,"none":null,"ve000":null,"ve001":null,"late":7}',
      '',
    ]);
  });

  test('has a vector that is kept whole as a list', () => {
    const wide = Float64Array.from({ length: 2_500 }, (_, index) => index / 7);
    expect(JSON.parse(linesOf(tableOf([{ a: 1, wide }]))[0]!)).toEqual({ a: 1, wide: [...wide] });
  });

  test('comes in pieces, and is nothing for a table without rows', () => {
    const many = [...ndjsonChunks(tableOf(Array.from({ length: 100 }, (_, a) => ({ a, ve: new Float64Array(200).fill(1 / 3) }))), 'trial_table')];
    expect(many.length).toBeGreaterThan(5);
    expect(linesOf(plannedTable().store)).toEqual(['']);
  });
});
