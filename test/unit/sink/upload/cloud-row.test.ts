import { expect, test } from 'vitest';
import { cellsOf, unreadable } from '../../../../sink/upload/cloud-row.ts';

const fields = (...names: string[]) => names.map((name) => ({ name, type: 'FLOAT', mode: 'NULLABLE' }));

test('a row is a cell a column, NULL is null, and a repeated column is a vector or nothing', () => {
  const columns = [...fields('a', 'x'), { name: 've', type: 'FLOAT', mode: 'REPEATED' }];
  expect(cellsOf({ a: 1, x: null, ve: [1, 2] }, columns, new Set('a'))).toEqual([1, null, Float64Array.of(1, 2)]);
  expect(cellsOf({ a: 1, x: 5, ve: [] }, columns, new Set('a'))).toEqual([1, 5, undefined]);
});

test('a text is what was written where it is a parameter, and stays a text where it is a result', () => {
  expect(cellsOf({ a: '3', b: '"3"', y: '3' }, fields('a', 'b', 'y'), new Set(['a', 'b']))).toEqual([3, '3', '3']);
});

test('a column of another type is told of', () => {
  expect(unreadable(fields('a'))).toBeUndefined();
  expect(unreadable([...fields('a'), { name: 'at', type: 'TIMESTAMP' }])).toBe('its column at is TIMESTAMP; expected INT64, FLOAT64, STRING, BOOL or repeated FLOAT64');
  expect(unreadable([{ name: 'tags', type: 'STRING', mode: 'REPEATED' }])).toMatch(/^its column tags is repeated STRING;/);
});
