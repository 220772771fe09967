import { expect, test } from 'vitest';
import { NO_ROWS, floatText, inTextOrder, withRow } from '../../fake-bigquery/checksum.ts';
import { checksumQuery } from '../../fake-bigquery/queries.ts';
import type { Field } from '../../fake-bigquery/schema.ts';

const field = (name: string, type: Field['type'], mode: Field['mode'] = 'NULLABLE'): Field => ({ name, type, mode });

// Printed with '%.16e' by CPython 3.11, which rounds as C does.
test.each([
  [1000, '1.0000000000000000e+03'],
  [0.1, '1.0000000000000001e-01'],
  [-1 / 3, '-3.3333333333333331e-01'],
  [5e-324, '4.9406564584124654e-324'],
  [1.7976931348623157e308, '1.7976931348623157e+308'],
  [0, '0.0000000000000000e+00'],
  [-0, '0.0000000000000000e+00'],
  [Infinity, 'inf'],
  [-Infinity, '-inf'],
  [Number.NaN, 'nan'],
  // Exactly between two texts of 17 digits: to the even one, downwards and upwards.
  [2 ** -25, '2.9802322387695312e-08'],
  [1_000_000_000_000_000.25, '1.0000000000000002e+15'],
  [1_000_000_000_000_000.75, '1.0000000000000008e+15'],
])('floatText writes %f as %s', (value, text) => {
  expect(floatText(value)).toBe(text);
});

test('a text of 17 digits gives its double back', () => {
  for (let i = 0; i < 1000; i++) {
    const value = Math.tan(i) * 10 ** ((i % 600) - 300);
    expect(Number(floatText(value))).toBe(value);
  }
});

test('a row’s text has its columns by their names in lower case, without those that are NULL or empty', () => {
  const fields = [field('b', 'FLOAT'), field('A', 'BOOLEAN'), field('c', 'FLOAT', 'REPEATED'), field('d', 'BYTES')];
  const digest = (cells: Readonly<Record<string, unknown>>): unknown => withRow(NO_ROWS, inTextOrder(fields), ({ name }) => cells[name] as never);
  const whole = digest({ A: true, b: 1, c: [1, 2], d: 'AAE=' });
  expect(whole).not.toEqual(digest({ A: true, b: 1, c: [2, 1], d: 'AAE=' }));
  expect(digest({ A: true, b: null, c: [], d: null })).toEqual(withRow(NO_ROWS, [field('A', 'BOOLEAN')], () => true));
  // SHA-256 of 'a=true', from coreutils, begins with these 16 digits.
  expect(digest({ A: true, b: null, c: [], d: null })).toEqual({ rows: 1, sum1: 0x5afa0a95n, sum2: 0x47db4b67n });
});

test('the text of the query is what docs/bigquery.md says, whatever the order of columns', () => {
  const columns = [
    { name: 'x', type: 'FLOAT' },
    { name: 'Id', type: 'INTEGER' },
    { name: 'v', type: 'FLOAT', mode: 'REPEATED' },
    { name: 's', type: 'STRING' },
    { name: 't', type: 'TIMESTAMP' },
  ];
  const text = checksumQuery('p.d.t', columns);
  expect(checksumQuery('p.d.t', columns.toReversed())).toBe(text);
  expect(text).toBe(
    "SELECT COUNT(*) AS row_count, CAST(IFNULL(SUM(CAST(CONCAT('0x', SUBSTR(h, 1, 8)) AS INT64)), 0) AS STRING) AS sum_1, " +
      "CAST(IFNULL(SUM(CAST(CONCAT('0x', SUBSTR(h, 9, 8)) AS INT64)), 0) AS STRING) AS sum_2 FROM (SELECT TO_HEX(SHA256(ARRAY_TO_STRING([" +
      "CONCAT('id=', CAST(`Id` AS STRING)), " +
      "CONCAT('s=', TO_HEX(SHA256(`s`))), " +
      "CONCAT('t=', CAST(UNIX_MICROS(`t`) AS STRING)), " +
      "CONCAT('v=', NULLIF(ARRAY_TO_STRING(ARRAY(SELECT FORMAT('%.16e', IF(e = 0, 0e0, e)) FROM UNNEST(`v`) AS e WITH OFFSET AS i ORDER BY i), ','), '')), " +
      "CONCAT('x=', FORMAT('%.16e', IF(`x` = 0, 0e0, `x`)))], '\\n'))) AS h FROM `p.d.t`)",
  );
});
