import { expect, test } from 'vitest';
import { declaredFor, quoted, typeOf, wider } from '../../../store/column.ts';
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

test('declaredFor(type) is the type itself, and INTEGER for booleans', () => {
  expect(TYPES.map(declaredFor)).toEqual(['', 'INTEGER', 'INTEGER', 'REAL', 'TEXT']);
});

test('quoted(name) doubles the quotes within', () => {
  expect(quoted('a"b')).toBe('"a""b"');
});
