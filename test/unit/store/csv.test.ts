import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../../wire/row.ts';
import { csvCell, csvChunks, exportCsv, writeCsv } from '../../../store/csv.ts';
import type { Store } from '../../../store/store.ts';
import { batchOf, plannedTable, rowEntry, temporaryDirectory } from './entries.ts';

/** A table with these rows, their first field being the parameter. */
function tableOf(rows: readonly Row[]): Store {
  const { writer, store } = plannedTable();
  writer.apply(
    batchOf(
      ...rows.map((row) => {
        const [[name, value]] = Object.entries(row) as [[string, number]];
        return rowEntry({ [name]: value }, row);
      }),
    ),
  );
  return store;
}

const csvOf = (store: Store): string => [...csvChunks(store, 'trial_table')].join('');

describe('csvCell(cell)', () => {
  test.each([
    [null, ''],
    [0, '0'],
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [-1 / 3, '-0.3333333333333333'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    ['plain', 'plain'],
    ['', '""'],
    [' a ', ' a '],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    ['cr\r', '"cr\r"'],
    ['007', '007'],
  ])('of %j is %j', (cell, expected) => {
    expect(csvCell(cell, undefined)).toBe(expected);
  });

  test('of a boolean column is true or false', () => {
    const column = {
      name: 'b',
      type: 'BOOLEAN',
      declared: '',
      parameter: false,
      vector: null,
      index: null,
    } as const;
    expect([1, 0, null].map((cell) => csvCell(cell, column))).toEqual(['true', 'false', '']);
  });

  test('of a vector kept whole is a JSON list, quoted', () => {
    const bytes = new Uint8Array(Float64Array.of(0.1, Number.NaN, -2).buffer);
    expect(csvCell(bytes, undefined)).toBe('"[0.1,null,-2]"');
  });
});

describe('the CSV of a table', () => {
  test('has the columns in their order and the rows by their parameters', () => {
    const store = tableOf([
      { a: 2, y: 0.1, name: 'x,y' },
      { a: 1, y: null, ve: Float64Array.of(1, 0.5) },
      { a: 10, ok: true },
    ]);
    expect(csvOf(store)).toBe('a,y,name,ve000,ve001,ok\n1,,,1,0.5,\n2,0.1,"x,y",,,\n10,,,,,true\n');
  });

  test('reads back with the same bits', () => {
    const values = Array.from({ length: 500 }, (_, index) => Math.sin(index) * 10 ** ((index % 40) - 20));
    const lines = csvOf(tableOf(values.map((y, a) => ({ a, y }))))
      .trimEnd()
      .split('\n')
      .slice(1);
    expect(lines.map((line) => Number(line.split(',')[1]))).toEqual(values);
  });

  test('of a table without rows, or of none, is empty', () => {
    const { store } = plannedTable();
    expect([...csvChunks(store, 'trial_table'), ...csvChunks(store, 'unknown')].join('')).toBe('');
  });

  test('comes in pieces, however many rows there are', () => {
    const store = tableOf(
      Array.from({ length: 300 }, (_, a) => ({ a, ve: new Float64Array(200).fill(1 / 3) })),
    );
    const chunks = [...csvChunks(store, 'trial_table')];
    expect(chunks.length).toBeGreaterThan(10);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(80_000);
    expect(chunks.join('').split('\n')).toHaveLength(302);
  });
});

describe('writeCsv(store, table, output)', () => {
  const store = (): Store =>
    tableOf(Array.from({ length: 200 }, (_, a) => ({ a, ve: new Float64Array(200).fill(1 / 3) })));

  test('writes all of it and leaves the output open', async () => {
    const source = store();
    const output = new PassThrough();
    const written = text(output);
    await writeCsv(source, 'trial_table', output);
    expect(output.writable).toBe(true);
    output.end('the end');
    expect(await written).toBe(`${csvOf(source)}the end`);
  });

  test('takes no more from the table than a slow output takes', async () => {
    let taken = 0;
    const source = store();
    const counting: Store = {
      ...source,
      *cells(table) {
        for (const row of source.cells(table)) {
          taken++;
          yield row;
        }
      },
    };
    const waiting: (() => void)[] = [];
    const output = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => void waiting.push(done),
    });
    const writing = writeCsv(counting, 'trial_table', output);
    await expect.poll(() => waiting.length).toBe(1);
    expect(taken).toBeLessThan(100);
    let left = false;
    void writing.then(() => (left = true));
    await expect
      .poll(
        () => {
          waiting.shift()?.();
          return left;
        },
        { interval: 1 },
      )
      .toBe(true);
    expect(taken).toBe(200);
  });

  test('rejects where the reader of a pipe leaves', async () => {
    const output = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    await expect(writeCsv(store(), 'trial_table', output)).rejects.toMatchObject({ code: 'EPIPE' });
  });
});

describe('exportCsv(store, table, path)', () => {
  test('writes the file whole and leaves nothing beside it', async () => {
    const directory = temporaryDirectory();
    const store = tableOf([{ a: 1, y: 2 }]);
    const path = join(directory, 'rows.csv');
    writeFileSync(path, 'older');
    await exportCsv(store, 'trial_table', path);
    expect(readFileSync(path, 'utf8')).toBe('a,y\n1,2\n');
    expect(readdirSync(directory)).toEqual(['rows.csv']);
  });

  test('leaves what was there, and nothing beside it, where it fails', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'rows.csv');
    mkdirSync(path);
    await expect(exportCsv(tableOf([{ a: 1 }]), 'trial_table', path)).rejects.toMatchObject({
      code: 'cannot-export',
      exitCode: 1,
    });
    await expect(
      exportCsv(tableOf([{ a: 1 }]), 'trial_table', join(directory, 'no', 'such.csv')),
    ).rejects.toThrow('cannot write');
    expect(readdirSync(directory)).toEqual(['rows.csv']);
  });
});
