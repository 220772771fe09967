import { describe, expect, test } from 'vitest';
import { difference } from '../../../gather/difference.ts';
import type { Row } from '../../../wire/row.ts';

const PARAMETERS = new Set(['seed']);
const between = (stored: Row, found: Row): string | undefined => difference({ seed: 1, ...stored }, { seed: 1, ...found }, PARAMETERS);

describe('difference(stored, found)', () => {
  test.each<[what: string, stored: Row, found: Row]>([
    ['numbers that 1e-9 tells not apart', { y: 1 }, { y: 1 + 5e-10 }],
    ['large ones too', { y: 1e300 }, { y: 1e300 * (1 + 5e-10) }],
    ['nothing, null and NaN', { y: null, z: null }, { y: Number.NaN }],
    ['true and 1', { y: 1 }, { y: true }],
    ['a number and its text', { y: 3, z: '0.5' }, { y: '3', z: 0.5 }],
    ['infinities', { y: Infinity }, { y: Infinity }],
    ['texts', { y: 'a' }, { y: 'a' }],
    ['vectors within 1e-9 of their length', { v: Float64Array.of(1, 1e-12) }, { v: Float64Array.of(1, 3e-12) }],
    ['vectors of the other sign, and numbers that turn with them', { a: 0.9, v: Float64Array.of(0.6, 0.8) }, { a: -0.9, v: Float64Array.of(-0.6, -0.8) }],
    ['numbers that do not turn with their vector', { a: 0.9, v: Float64Array.of(0.6, 0.8) }, { a: 0.9, v: Float64Array.of(-0.6, -0.8) }],
    ['vectors with NaN and infinities at the same places', { v: Float64Array.of(1, Number.NaN, Infinity) }, { v: Float64Array.of(1, Number.NaN, Infinity) }],
    ['vectors of zeros', { v: Float64Array.of(0, 0) }, { v: Float64Array.of(0, -0) }],
  ])('finds none between %s', (_, stored, found) => {
    expect(between(stored, found)).toBeUndefined();
  });

  test.each<[stored: Row, found: Row, told: string]>([
    [{ y: 1 }, { y: 1 + 5e-9 }, 'y is 1.000000005 and not 1'],
    [{ y: 1 }, { y: -1 }, 'y is -1 and not 1'],
    [{ y: 0 }, { y: 1e-300 }, 'y is 1e-300 and not 0'],
    [{ y: 5 }, { y: Infinity }, 'y is Infinity and not 5'],
    [{ y: Infinity }, { y: -Infinity }, 'y is -Infinity and not Infinity'],
    [{ y: 1 }, {}, 'y is null and not 1'],
    [{ y: 1 }, { y: 1, z: 2 }, 'z is 2 and not null'],
    [{ y: 'a' }, { y: 'b' }, 'y is "b" and not "a"'],
    [{ v: Float64Array.of(0.6, 0.8) }, { v: Float64Array.of(0.6, -0.8) }, 'v is another vector, -0.8 and not 0.8 at index 1'],
    [{ v: Float64Array.of(0.6, 0.8) }, { v: Float64Array.of(0.6) }, 'v is a vector of 1 and not a vector of 2'],
    [{ v: Float64Array.of(1, Number.NaN) }, { v: Float64Array.of(1, 0) }, 'v is another vector, 0 and not NaN at index 1'],
    [{ v: Float64Array.of(1, 2) }, {}, 'v is null and not a vector of 2'],
    [{ a: 0.9, v: Float64Array.of(0.6, 0.8) }, { a: -0.9, v: Float64Array.of(0.6, 0.8) }, 'a is -0.9 and not 0.9'],
  ])('between %j and %j is told', (stored, found, told) => {
    expect(between(stored, found)).toBe(told);
  });

  test('does not look at the parameters, which made them the same point', () => {
    expect(difference({ seed: 1, y: 2 }, { seed: 1, y: 2 }, PARAMETERS)).toBeUndefined();
    expect(difference({ seed: 1, y: 2 }, { seed: 5, y: 2 }, PARAMETERS)).toBeUndefined();
  });
});
