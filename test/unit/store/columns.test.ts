import { describe, expect, test } from 'vitest';
import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import { pointKey } from '../../../wire/point.ts';
import type { Point } from '../../../wire/point.ts';
import type { Row, RowValue } from '../../../wire/row.ts';
import { EXPERIMENT, batchOf, plannedTable, rowEntry, storeIn, writerIn } from './entries.ts';

/** The columns of the user's table as SQLite has them. */
function declaredColumns(directory: string): string[] {
  const connection = connect(databasePath(directory), { readOnly: true });
  const rows = connection.prepare('SELECT name, type FROM pragma_table_info(?)').all(['trial_table']);
  connection.close();
  return rows.map((cells) => cells.join(' ').trimEnd());
}

/** Cells of the user's table as SQLite has them, with their storage class. */
function storedCells(directory: string, column: string): unknown[] {
  const connection = connect(databasePath(directory), { readOnly: true });
  const rows = connection.prepare(`SELECT typeof(${column}), quote(${column}) FROM trial_table`).all([]);
  connection.close();
  return rows.map((cells) => cells.join(' '));
}

describe("a user's table", () => {
  test("has the row's columns only, parameters first, with a declared type for vectors alone", () => {
    const { directory, writer, store } = plannedTable();
    writer.apply(
      batchOf(
        rowEntry({ n: 3, x: 0.5, name: 'a', flag: true, nothing: null }, { y: 1, v: Float64Array.of(1, 2) }),
      ),
    );
    expect(declaredColumns(directory)).toEqual([
      'n',
      'x',
      'name',
      'flag',
      'nothing',
      'y',
      'v000 REAL',
      'v001 REAL',
    ]);
    const columns = store.table('trial_table')?.columns ?? [];
    expect(columns.filter(({ parameter }) => parameter).map(({ name }) => name)).toEqual([
      'n',
      'x',
      'name',
      'flag',
      'nothing',
    ]);
    expect(columns.map(({ type }) => type)).toEqual([
      'INTEGER',
      'REAL',
      'TEXT',
      'BOOLEAN',
      '',
      'INTEGER',
      'REAL',
      'REAL',
    ]);
    expect(columns.slice(-2)).toMatchObject([
      { vector: 'v', index: 0 },
      { vector: 'v', index: 1 },
    ]);
  });

  test('gains the columns that later rows bring, and each row comes back with its own fields', () => {
    const { directory, writer, store } = plannedTable();
    const rows = [{ a: 1, y: 1 }, { a: 2, z: 'late' }, { a: 3, y: 3, z: 'both' }, { a: 4 }];
    for (const { a, ...results } of rows) writer.apply(batchOf(rowEntry({ a }, results)));
    expect(declaredColumns(directory)).toEqual(['a', 'y', 'z']);
    expect([...store.rows('trial_table')]).toEqual(rows);
  });

  test('gains them in the middle of a batch, and again after the writer is opened anew', () => {
    const { directory, writer, store } = plannedTable();
    writer.apply(
      batchOf(
        rowEntry({ a: 1 }),
        rowEntry({ a: 2 }, { y: 2 }),
        rowEntry({ a: 3 }),
        rowEntry({ a: 4 }, { y: 4 }),
      ),
    );
    writer.close();
    writerAgain(directory);
    expect([...store.rows('trial_table')]).toEqual([
      { a: 1 },
      { a: 2, y: 2 },
      { a: 3 },
      { a: 4, y: 4 },
      { a: 5, y: 5 },
      { a: 6, z: 6 },
    ]);
  });

  test('does not gain a column by a row that was there already', () => {
    const { directory, writer } = plannedTable();
    writer.apply(batchOf(rowEntry({ a: 1 }), rowEntry({ a: 1 }, { another: 1 })));
    expect(declaredColumns(directory)).toEqual(['a']);
  });

  test('marks a column as a parameter once some row has it among its parameters', () => {
    const { writer, store } = plannedTable();
    writer.apply(batchOf(rowEntry({ a: 1 }, { method: 'default' }), rowEntry({ a: 1, method: 'full' })));
    expect(store.table('trial_table')?.columns.map(({ name, parameter }) => [name, parameter])).toEqual([
      ['a', true],
      ['method', true],
    ]);
  });

  function writerAgain(directory: string): void {
    const store = storeIn(directory);
    const later = writerIn(directory);
    later.apply(batchOf(rowEntry({ a: 5 }, { y: 5 }), rowEntry({ a: 6 }, { z: 6 })));
    expect(store.counts('trial_table').stored).toBe(6);
  }
});

describe('values', () => {
  /** What comes back of values that were stored one by one in one column. */
  function through(...values: RowValue[]): { back: unknown[]; type: string | undefined; stored: unknown[] } {
    const { directory, writer, store } = plannedTable();
    writer.apply(batchOf(...values.map((y, a) => rowEntry({ a }, { y }))));
    return {
      back: [...store.rows('trial_table')].map((row) => row['y']),
      type: store.table('trial_table')?.columns.find(({ name }) => name === 'y')?.type,
      stored: storedCells(directory, 'y'),
    };
  }

  test('numbers come back with all their bits', () => {
    const numbers = [
      0.1,
      1 / 3,
      5e-324,
      1.7976931348623157e308,
      -2.5,
      2 ** 53 + 2,
      123456789.125,
      Infinity,
      -Infinity,
    ];
    expect(through(...numbers)).toMatchObject({ back: numbers, type: 'REAL' });
    expect(through(1, ...numbers)).toMatchObject({ back: [1, ...numbers], type: 'REAL' });
    expect(through(null, ...numbers)).toMatchObject({ back: [null, ...numbers], type: 'REAL' });
  });

  test('whole numbers beyond 2^53 come back as the doubles that they were', () => {
    const huge = [2 ** 53, 2 ** 60, -(2 ** 62), 2 ** 63, 1e300, 2 ** 53 + 2];
    expect(through(7, ...huge)).toMatchObject({ back: [7, ...huge], type: 'REAL' });
    expect(through(...huge)).toMatchObject({ back: huge, type: 'REAL' });
  });

  test('an integer column that sees a fraction stores it as it is, and its type widens', () => {
    expect(through(1, 0.5, 2)).toEqual({
      back: [1, 0.5, 2],
      type: 'REAL',
      stored: ['integer 1', 'real 0.5', 'real 2.0'],
    });
  });

  test('a column of booleans holds 0 and 1 and comes back as booleans, until it sees a number', () => {
    expect(through(true, false, null)).toEqual({
      back: [true, false, null],
      type: 'BOOLEAN',
      stored: ['integer 1', 'integer 0', 'null NULL'],
    });
    expect(through(true, 2)).toMatchObject({ back: [1, 2], type: 'INTEGER' });
    expect(through(0.5, false)).toMatchObject({ back: [0.5, 0], stored: ['real 0.5', 'integer 0'] });
    expect(through(true, 'text')).toMatchObject({ back: [1, 'text'], type: 'TEXT' });
  });

  test('a column that saw only null takes the type of what comes later', () => {
    expect(through(null, null)).toMatchObject({ type: '' });
    expect(through(null, 'text')).toMatchObject({ back: [null, 'text'], type: 'TEXT' });
    expect(through(null, 3)).toMatchObject({ back: [null, 3], type: 'INTEGER' });
  });

  test('a scalar NaN is null and a scalar -0 is 0', () => {
    expect(through(Number.NaN, 1.5)).toMatchObject({
      back: [null, 1.5],
      type: 'REAL',
      stored: ['null NULL', 'real 1.5'],
    });
    expect(through(-0, 1.5).back[0]).toBe(0);
  });

  test('text comes back as it is, whatever is in it', () => {
    const texts = [
      '',
      ' ',
      '007',
      '1e5',
      'NULL',
      "'; DROP TABLE sluice_rows; --",
      'a"b',
      'line\nbreak\r\n',
      'a\0b',
      '\u{1F600}é漢',
      '\uFEFFbom',
    ];
    expect(through(...texts)).toMatchObject({ back: texts, type: 'TEXT' });
  });

  test('a column of numbers that sees text holds both, and counts as text', () => {
    expect(through(1, 'one')).toMatchObject({ back: [1, 'one'], type: 'TEXT' });
  });

  test('neither text that looks like a number nor a number among texts is converted', () => {
    const stored = (...cells: string[]): object => ({ type: 'TEXT', stored: cells });
    expect(through(1, '0012')).toEqual({ back: [1, '0012'], ...stored('integer 1', "text '0012'") });
    expect(through('x', 7)).toEqual({ back: ['x', 7], ...stored("text 'x'", 'integer 7') });
    expect(through('x', 0.5)).toEqual({ back: ['x', 0.5], ...stored("text 'x'", 'real 0.5') });
    expect(through(0.5, '1e5')).toEqual({ back: [0.5, '1e5'], ...stored('real 0.5', "text '1e5'") });
    expect(through(true, '1')).toEqual({ back: [1, '1'], ...stored('integer 1', "text '1'") });
  });

  test('the parameters that are stored give the key of their row again', () => {
    const { writer, store } = plannedTable();
    const labels = [1, '0012', 12, '12', 'x', 0.5, '0.5', 1e300, 2 ** 53, 0, -7, null, ''];
    writer.apply(batchOf(...labels.map((label) => rowEntry({ label }))));
    const keys = [...store.provenance('trial_table')].map(({ key }) => key);
    expect([...store.rows('trial_table')].map((row) => pointKey(EXPERIMENT, row as Point))).toEqual(keys);
    expect(new Set(keys).size).toBe(labels.length);
  });

  test("a block's counts are integers to SQLite and its alignment a real number", () => {
    const { directory, writer } = plannedTable();
    const point = (seed: number): Point => ({ nrow: 1000, ncol: 1000, seed });
    const results = (alignment: number): Row => ({ v_alignment: alignment, ve: Float64Array.of(1, 0.5) });
    writer.apply(batchOf(rowEntry(point(748), results(0.9)), rowEntry(point(899e9), results(1))));
    expect(storedCells(directory, 'nrow')).toEqual(['integer 1000', 'integer 1000']);
    expect(storedCells(directory, 'seed')).toEqual(['integer 748', 'integer 899000000000']);
    expect(storedCells(directory, 'v_alignment')).toEqual(['real 0.9', 'real 1.0']);
    expect(storedCells(directory, 've000')).toEqual(['real 1.0', 'real 1.0']);
  });
});

describe('vectors', () => {
  const special = Float64Array.of(0.1, Number.NaN, -Infinity, 5e-324, 1, 2 ** 60, Number.NaN);

  test('come back as doubles, NaN included, from columns', () => {
    const { writer, store } = plannedTable();
    writer.apply(batchOf(rowEntry({ a: 1 }, { ve: special, b: 2 })));
    expect([...store.rows('trial_table')]).toEqual([{ a: 1, ve: special, b: 2 }]);
  });

  test('have 0 for -0 where they are kept as columns, and -0 where they are kept whole', () => {
    const { writer, store } = plannedTable();
    const [short, long] = [new Float64Array(2).fill(-0), new Float64Array(2_000).fill(-0)];
    writer.apply(batchOf(rowEntry({ a: 1 }, { v: short }), rowEntry({ a: 2 }, { v: long })));
    const backs = [...store.rows('trial_table')].map((row) => (row['v'] as Float64Array)[1]);
    expect(backs).toEqual([0, -0]);
  });

  test('come back with their own lengths, the empty one too', () => {
    const { writer, store } = plannedTable();
    const rows = [3, 0, 7, 1, 3].map((length, a) => ({
      a,
      ve: Float64Array.from({ length }, (_, index) => index / 3),
    }));
    writer.apply(batchOf(...rows.map(({ a, ve }) => rowEntry({ a }, { ve }))));
    expect([...store.rows('trial_table')]).toEqual(rows);
    expect(store.table('trial_table')?.columns).toHaveLength(8);
  });

  test('become columns up to 1,990 columns a row, and BLOBs of little-endian doubles beyond', () => {
    const { directory, writer, store } = plannedTable();
    const row = (a: number, length: number): { a: number; u: Float64Array; v: Float64Array } => ({
      a,
      u: Float64Array.of(a),
      v: Float64Array.from({ length }, (_, index) => (index === 2 ? Number.NaN : index + 0.5)),
    });
    const rows = [row(1, 1988), row(2, 1989), row(3, 5000)];
    writer.apply(batchOf(...rows.map(({ a, u, v }) => rowEntry({ a }, { u, v }))));
    const columns = declaredColumns(directory);
    expect(columns).toHaveLength(1992);
    expect(columns.slice(0, 3)).toEqual(['a', 'u000 REAL', 'v000 REAL']);
    expect(columns.slice(-2)).toEqual(['u BLOB', 'v BLOB']);
    expect([...store.rows('trial_table')]).toEqual(rows);
    const connection = connect(databasePath(directory), { readOnly: true });
    const bytes = Buffer.from(connection.value('SELECT v FROM trial_table WHERE a = 2') as Uint8Array);
    connection.close();
    expect([bytes.length, bytes.readDoubleLE(0), bytes.readDoubleLE(8 * 1988)]).toEqual([
      8 * 1989,
      0.5,
      1988.5,
    ]);
  });

  test('may be of some hundred thousand components', () => {
    const { writer, store } = plannedTable();
    const v = Float64Array.from({ length: 300_000 }, (_, index) => 1 / (index + 1));
    writer.apply(batchOf(rowEntry({ a: 1 }, { v })));
    const [back] = [...store.rows('trial_table')].map((row) => row['v'] as Float64Array<ArrayBuffer>);
    expect(back === undefined ? -1 : Buffer.compare(Buffer.from(back.buffer), Buffer.from(v.buffer))).toBe(0);
  });

  test('that are views of a larger buffer are stored alone', () => {
    const { writer, store } = plannedTable();
    const whole = Float64Array.from({ length: 4000 }, (_, index) => index);
    writer.apply(
      batchOf(
        rowEntry({ a: 1 }, { v: whole.subarray(7, 10) }),
        rowEntry({ a: 2 }, { v: whole.subarray(1, 3001) }),
      ),
    );
    const [first, second] = [...store.rows('trial_table')].map((row) => row['v'] as Float64Array);
    expect(first).toEqual(Float64Array.of(7, 8, 9));
    expect([second?.length, second?.[0], second?.[2999]]).toEqual([3000, 1, 3000]);
  });
});

describe('a table holds at most 2,000 columns', () => {
  /** A row of `a` and `count` scalar results whose names begin with `prefix`. */
  const wide = (a: number, prefix: string, count: number): ReturnType<typeof rowEntry> =>
    rowEntry(
      { a },
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, index])),
    );

  test('a row of exactly 2,000 is stored and comes back, one of 2,001 is set aside', () => {
    const { writer, store } = plannedTable();
    expect(writer.apply(batchOf(wide(1, 'y', 2000), wide(2, 'y', 1999)))).toMatchObject({
      rows: 1,
      deadLetters: 1,
    });
    const [row] = store.rows('trial_table', { ordered: true });
    expect(row).toEqual(wide(2, 'y', 1999).row);
    expect([...store.deadLetters()][0]).toMatchObject({ code: 'too-many-columns', table: 'trial_table' });
  });

  test('rows that would take the union beyond are set aside, and the others go on', () => {
    const { writer, store } = plannedTable();
    const result = writer.apply(
      batchOf(wide(1, 'y', 1900), wide(2, 'z', 99), wide(3, 'x', 1), wide(4, 'z', 50)),
    );
    expect(result).toMatchObject({ rows: 3, deadLetters: 1 });
    expect(store.table('trial_table')?.columns).toHaveLength(2000);
    expect([...store.rows('trial_table')].map(({ a }) => a)).toEqual([1, 2, 4]);
  });
});

describe('column names', () => {
  test.each([
    '',
    ' ',
    '1st',
    'a b',
    'a-b',
    'é',
    'a"b',
    'y); DROP TABLE sluice_rows; --',
    'a\0b',
    '_rowid_',
    '_ROWID_',
    'n'.repeat(129),
  ])('a row with the column %j is set aside', (name) => {
    const { writer, store } = plannedTable();
    expect(writer.apply(batchOf(rowEntry({ a: 1 }, { [name]: 1 }), rowEntry({ a: 2 })))).toMatchObject({
      rows: 1,
      deadLetters: 1,
    });
    expect([...store.deadLetters()][0]?.code).toBe('bad-column');
  });

  test.each(['rowid', 'oid', 'select', '_', 'constructor', 'toString', 'n'.repeat(128)])(
    'a column may be named %s',
    (name) => {
      const { writer, store } = plannedTable();
      writer.apply(batchOf(rowEntry({ a: 1 }, { [name]: 0.5 })));
      expect([...store.rows('trial_table', { ordered: true })]).toEqual([{ a: 1, [name]: 0.5 }]);
    },
  );

  test('names that differ in case only are set aside, within a row and against the table', () => {
    const { writer, store } = plannedTable();
    const result = writer.apply(
      batchOf(rowEntry({ seed: 1 }, { y: 1, Y: 2 }), rowEntry({ seed: 2 }, { y: 1 }), rowEntry({ Seed: 3 })),
    );
    expect(result).toMatchObject({ rows: 1, deadLetters: 2 });
    expect([...store.deadLetters()].map(({ reason }) => reason)).toEqual([
      'its columns "y" and "Y" are one to SQLite',
      'its column "Seed" and the table\'s "seed" are one to SQLite',
    ]);
  });

  test("a scalar may not take the place of a vector's component, nor the reverse", () => {
    const { writer } = plannedTable();
    const v = Float64Array.of(1, 2);
    expect(writer.apply(batchOf(rowEntry({ a: 1 }, { v, v001: 3 })))).toMatchObject({ deadLetters: 1 });
    expect(writer.apply(batchOf(rowEntry({ a: 2 }, { v })))).toMatchObject({ rows: 1 });
    expect(writer.apply(batchOf(rowEntry({ a: 3 }, { v001: 3 })))).toMatchObject({ deadLetters: 1 });
    expect(writer.apply(batchOf(rowEntry({ a: 4 }, { v: 4 })))).toMatchObject({ rows: 1 });
  });
});

test.each([
  ['no columns', rowEntry({}, {})],
  ['fewer columns than parameters', rowEntry({ a: 1 }, {}, { parameters: 2 })],
])('a row with %s is set aside', (_, entry) => {
  const { writer } = plannedTable();
  expect(writer.apply(batchOf(entry))).toMatchObject({ rows: 0, deadLetters: 1 });
});
