import { expect, test } from 'vitest';
import { checksumOf, checksumQuery, doubleText } from '../../../../sink/upload/checksum.ts';
import { parseTarget } from '../../../../sink/upload/target.ts';
import { floatText } from '../../../fake-bigquery/checksum.ts';
import { checksumQuery as expectedQuery } from '../../../fake-bigquery/queries.ts';
import { batchOf, plannedTable, rowEntry } from '../../store/entries.ts';

const FIELDS = [
  { name: 'Seed', type: 'INTEGER', mode: 'NULLABLE' },
  { name: 'a', type: 'FLOAT', mode: 'NULLABLE' },
  { name: 'text', type: 'STRING', mode: 'NULLABLE' },
  { name: 'yes', type: 'BOOLEAN', mode: 'NULLABLE' },
  { name: 've', type: 'FLOAT', mode: 'REPEATED' },
];

test('the query is the one that the fake, which parses no SQL but this, was written after', () => {
  expect(checksumQuery(parseTarget('p.d'), 't', FIELDS)).toBe(expectedQuery('p.d.t', FIELDS));
});

test.each([0, -0, 1, -1, 0.1, 1 / 3, 2 ** -25, 3 * 2 ** -25, 5 * 2 ** -27, 5e-324, 1.7976931348623157e308, 1e21, 123456789, Infinity, -Infinity, Number.NaN])(
  'the text of %s is that of C',
  (value) => {
    expect(doubleText(value)).toBe(floatText(value));
  },
);

test('doubles at random have the text that the fake gives them', () => {
  for (let index = 0; index < 5_000; index += 1) {
    const value = (Math.random() - 0.5) * 2 ** Math.round(200 * (Math.random() - 0.5));
    const short = Math.round(value * 2 ** 20) * 2 ** -30;
    for (const one of [value, short]) expect(doubleText(one)).toBe(floatText(one));
  }
});

test('rows add up to the same in any order, and another value changes it', () => {
  const sumOf = (...rows: Parameters<typeof rowEntry>[]) => {
    const { writer, store } = plannedTable();
    writer.apply(batchOf(...rows.map((row) => rowEntry(...row))));
    return checksumOf(store.outbox('trial_table')!.rows('', 1, rows.length), [{ name: 'a', type: 'INTEGER' }, { name: 'x', type: 'FLOAT' }]);
  };
  const both = sumOf([{ a: 1 }, { x: 0.5 }], [{ a: 2 }, { x: 0.25 }]);
  expect(both.rows).toBe(2);
  expect(sumOf([{ a: 2 }, { x: 0.25 }], [{ a: 1 }, { x: 0.5 }])).toEqual(both);
  expect(sumOf([{ a: 2 }, { x: 0.25 }], [{ a: 1 }, { x: 0.5000000000000001 }])).not.toEqual(both);
});
