import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { parameterNames, pointKey } from '../../../wire/point.ts';

/** Keys as another implementation gives them: Python's hashlib over the text that the definition says. */
const KNOWN: [experiment: string, point: Parameters<typeof pointKey>[1], text: string][] = [
  ['svd-block', { nrow: 1000, ncol: 1000, seed: 0 }, '["svd-block",[["ncol",1000],["nrow",1000],["seed",0]]]'],
  ['walk', { step: 0.1, on: true, name: 'é"', none: null }, '["walk",[["name","é\\""],["none",null],["on",true],["step",0.1]]]'],
  ['walk', {}, '["walk",[]]'],
  ['walk', { x: 1e21, y: 1e-7, z: 123456789012345680000 }, '["walk",[["x",1e+21],["y",1e-7],["z",123456789012345680000]]]'],
];

test.each(KNOWN)('the key of %s at %j is p and 32 hex digits of SHA-256 over the sorted JSON', (experiment, point, text) => {
  const expected = createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32);
  expect(pointKey(experiment, point)).toBe(`p${expected}`);
});

test('keys never change: databases hold them', () => {
  expect(pointKey('svd-block', { nrow: 1000, ncol: 1000, seed: 0 })).toBe('p11ee9440f918602103ae70ce49c60723');
  expect(pointKey('svd-block', { nrow: 1000, ncol: 1000, seed: 999 })).toBe('pf0ff1350b89454c44d3aea120c3e3ae0');
  expect(pointKey('walk', { step: 0.1, on: true, name: 'é"', none: null })).toBe('p2871364265cef1939fe699db0cd669e4');
});

test('the order in which a point names its parameters does not matter, nor whether zero is negative', () => {
  expect(pointKey('e', { a: 1, b: 2 })).toBe(pointKey('e', { b: 2, a: 1 }));
  expect(pointKey('e', { a: -0 })).toBe(pointKey('e', { a: 0 }));
  expect(pointKey('e', { a: 1.0 })).toBe(pointKey('e', { a: 1 }));
});

test('points that differ in a value, a name, a kind of value or the experiment have different keys', () => {
  const keys = [
    pointKey('e', { a: 1 }),
    pointKey('e', { a: 2 }),
    pointKey('e', { b: 1 }),
    pointKey('e', { a: '1' }),
    pointKey('e', { a: true }),
    pointKey('e', { a: null }),
    pointKey('e', { a: 0.1 }),
    pointKey('e', { a: 0.1 + 2 ** -56 }),
    pointKey('f', { a: 1 }),
    pointKey('e', {}),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test('parameters are ordered by UTF-16 code units, in no one\'s locale', () => {
  expect(parameterNames({ b: 1, B: 2, ä: 3, a10: 4, a2: 5, _: 6 })).toEqual(['B', '_', 'a10', 'a2', 'b', 'ä']);
});
