import { expect, test } from 'vitest';
import { encodeRows } from '../../../../sink/upload/encode.ts';
import { fieldsOf } from '../../../../sink/upload/fields.ts';
import { batchOf, plannedTable, rowEntry } from '../../store/entries.ts';

/** The lines, parsed, and the columns of a table with these rows. */
function encoded(...rows: Parameters<typeof rowEntry>[]) {
  const { writer, store } = plannedTable();
  writer.apply(batchOf(...rows.map((row) => rowEntry(...row))));
  const text = [...encodeRows(store.outbox('trial_table')!.rows('t.EMS', 1, rows.length))].join('');
  return { text, lines: text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as object), columns: store.table('trial_table')!.columns };
}

test('a row is one line of JSON, its numbers with all their digits and NULL left out', () => {
  const { text, columns } = encoded([{ a: 1 }, { x: 0.1 + 0.2, none: null, ve: Float64Array.of(5e-324, Number.NaN, -0) }]);
  expect(text).toBe('{"a":1,"x":0.30000000000000004,"ve000":5e-324,"ve002":0}\n');
  expect(fieldsOf(columns).map(({ name, type, mode }) => `${name} ${type} ${mode}`)).toEqual([
    'a FLOAT64 NULLABLE',
    'x FLOAT64 NULLABLE',
    've000 FLOAT64 NULLABLE',
    've001 FLOAT64 NULLABLE',
    've002 FLOAT64 NULLABLE',
  ]);
});

test('infinities, text, true and false are as BigQuery reads them', () => {
  const { lines } = encoded([{ a: 1 }, { x: Infinity, y: -Infinity, text: 'Zürich "q"\n', yes: true, no: false }]);
  expect(lines).toEqual([{ a: 1, x: 'Infinity', y: '-Infinity', text: 'Zürich "q"\n', yes: true, no: false }]);
});

test('a column of text and numbers is a STRING of all of them', () => {
  const { lines, columns } = encoded([{ a: 1 }, { x: 1 }], [{ a: 2 }, { x: 'one' }]);
  expect(lines).toEqual([{ a: 1, x: '1' }, { a: 2, x: 'one' }]);
  expect(fieldsOf(columns).find(({ name }) => name === 'x')?.type).toBe('STRING');
});

test('a parameter of texts and numbers is a STRING that tells which of them it is', () => {
  const { lines } = encoded([{ a: 3 }], [{ a: 'auto' }], [{ a: '3' }]);
  expect(lines).toEqual([{ a: '3' }, { a: 'auto' }, { a: '"3"' }]);
});

test('a vector too long for columns is one repeated FLOAT64', () => {
  const ve = new Float64Array(2_500).fill(0.25);
  ve[1] = Number.NaN;
  const { lines, columns } = encoded([{ a: 1 }, { ve }]);
  expect(lines).toEqual([{ a: 1, ve: [0.25, 'NaN', ...Array.from({ length: 2_498 }, () => 0.25)] }]);
  expect(fieldsOf(columns)).toContainEqual({ name: 've', type: 'FLOAT64', mode: 'REPEATED', whole: false });
});
