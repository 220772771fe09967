import { describe, expect, test } from 'vitest';
import { cellOf } from '../../../gather/cell.ts';

describe('cellOf(text)', () => {
  test.each([
    ['1000', 1000],
    ['-0.5', -0.5],
    ['1e-05', 0.00001],
    ['9.313225746154785e-10', 9.313225746154785e-10],
    ['.5', 0.5],
    ['3.', 3],
    ['+2', 2],
    ['1e+16', 1e16],
    ['', null],
    ['NA', null],
    ['nan', Number.NaN],
    ['-inf', -Infinity],
    ['True', true],
    ['false', false],
    ['0x10', '0x10'],
    ['1,5', '1,5'],
    ['1e', '1e'],
    [' 1', ' 1'],
    ['Infinitely', 'Infinitely'],
    ['[sic]', '[sic]'],
    ['[]', '[]'],
    ['["a"]', '["a"]'],
  ])('of %j is %j', (text, expected) => {
    expect(cellOf(text)).toBe(expected);
  });

  test('of a JSON list of numbers is a vector, null standing for NaN', () => {
    expect(cellOf('[0.1,null,-2]')).toEqual(Float64Array.of(0.1, Number.NaN, -2));
  });

  test('refuses an integer that a double does not hold', () => {
    expect(cellOf(String(2 ** 53 - 1))).toBe(2 ** 53 - 1);
    expect(cellOf('9007199254740994')).toBe(2 ** 53 + 2);
    expect(() => cellOf('9007199254740993')).toThrow('expected a number that a double holds, found the integer 9007199254740993');
  });

  test('reads what JavaScript and Python print of a double as the same double', () => {
    for (let n = 1; n < 500; n += 1) {
      const value = Math.sin(n) * 10 ** ((n % 60) - 30);
      expect(cellOf(String(value))).toBe(value);
      expect(cellOf(value.toExponential())).toBe(value);
    }
  });
});
