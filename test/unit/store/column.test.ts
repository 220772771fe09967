import { expect, test } from 'vitest';
import { boundTo, quoted, typeOf, wider } from '../../../store/column.ts';
import type { ScalarType } from '../../../store/column.ts';

const TYPES: readonly ScalarType[] = ['', 'BOOLEAN', 'INTEGER', 'REAL', 'TEXT'];

test.each([
  [null, ''],
  [true, 'BOOLEAN'],
  [0, 'INTEGER'],
  [-0, 'INTEGER'],
  [2 ** 53 - 1, 'INTEGER'],
  [2 ** 53, 'REAL'],
  [0.5, 'REAL'],
  [Number.NaN, 'REAL'],
  [Infinity, 'REAL'],
  ['', 'TEXT'],
  ['1', 'TEXT'],
])('typeOf(%j) is %j', (value, type) => {
  expect(typeOf(value)).toBe(type);
});

test('wider(a, b) is the later of the two in the order from nothing to text, whichever comes first', () => {
  for (const [i, a] of TYPES.entries()) {
    for (const [j, b] of TYPES.entries()) expect(wider(a, b)).toBe(TYPES[Math.max(i, j)]);
  }
});

test.each([
  ['INTEGER', 2 ** 53 - 1, 2n ** 53n - 1n],
  ['INTEGER', -0, 0n],
  ['TEXT', -7, -7n],
  ['TEXT', 0.5, 0.5],
  ['TEXT', 2 ** 53, 2 ** 53],
  ['TEXT', '0012', '0012'],
  ['REAL', 1, 1],
  ['REAL', -0, 0],
  ['REAL', Infinity, Infinity],
  ['BOOLEAN', true, 1n],
  ['REAL', false, 0n],
  ['INTEGER', null, null],
] as const)('boundTo(%j, %j) is %s', (type, value, bound) => {
  expect(boundTo(type, value)).toBe(bound);
});

test('quoted(name) doubles the quotes within', () => {
  expect(quoted('a"b')).toBe('"a""b"');
});
