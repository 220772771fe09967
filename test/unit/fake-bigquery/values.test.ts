import { expect, test } from 'vitest';
import { doubleText } from '../../fake-bigquery/page.ts';
import type { Field } from '../../fake-bigquery/schema.ts';
import { cellOf } from '../../fake-bigquery/values.ts';

const field = (type: Field['type'], mode: Field['mode'] = 'NULLABLE'): Field => ({ name: 'f', type, mode });

test.each<[Field['type'], unknown, unknown]>([
  ['INTEGER', 7, 7],
  ['INTEGER', '-9223372036854775808', '-9223372036854775808'],
  ['INTEGER', '12', 12],
  ['FLOAT', '1e-3', 0.001],
  ['FLOAT', 'Infinity', Infinity],
  ['BOOLEAN', true, true],
  ['BYTES', 'AAECAw==', 'AAECAw=='],
  ['TIMESTAMP', '1970-01-01T00:00:01.5Z', 1_500_000],
  ['TIMESTAMP', '1970-01-01 00:00:01 UTC', 1_000_000],
])('a column of %s takes %j', (type, value, cell) => {
  expect(cellOf(field(type), value)).toEqual(cell);
});

test.each<[Field['type'], unknown]>([
  ['INTEGER', 0.5],
  ['INTEGER', 2 ** 53],
  ['INTEGER', '1e3'],
  ['INTEGER', true],
  ['FLOAT', 'nan'],
  ['FLOAT', '+Infinity'],
  ['FLOAT', '0x10'],
  ['FLOAT', ''],
  ['FLOAT', Infinity],
  ['STRING', 1],
  ['BOOLEAN', 'true'],
  ['BYTES', 'AAE'],
  ['BYTES', 'A-_='],
  ['TIMESTAMP', '1970-01-01T00:00:01'],
  ['TIMESTAMP', '1970-13-01T00:00:01Z'],
])('a column of %s refuses %j', (type, value) => {
  expect(() => cellOf(field(type), value)).toThrow('Could not convert value to');
});

test('a REPEATED column takes arrays without NULL, and nothing as an empty one', () => {
  expect(cellOf(field('FLOAT', 'REPEATED'), [1, 'NaN'])).toEqual([1, Number.NaN]);
  expect(cellOf(field('FLOAT', 'REPEATED'), undefined)).toEqual([]);
  expect(() => cellOf(field('FLOAT', 'REPEATED'), [1, null])).toThrow('Could not convert');
  expect(() => cellOf(field('FLOAT', 'REPEATED'), 1)).toThrow('repeated');
});

test.each([
  [1000, '1000.0'],
  [0.001, '0.001'],
  [0.00001, '1.0E-5'],
  [12_345_678.5, '1.23456785E7'],
  [-0, '-0.0'],
  [Number.NaN, 'NaN'],
  [-Infinity, '-Infinity'],
])('a double is answered in the way of Java: %f as %s, which is the same double', (value, text) => {
  expect(doubleText(value)).toBe(text);
  expect(Number(text)).toBe(value);
});
