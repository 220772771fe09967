import { describe, expect, test } from 'vitest';
import { infinityOf, listOf, lookOf, numberOf, truthOf, type Look } from '../../../gather/cell.ts';

describe('lookOf(text)', () => {
  test.each<[Look, string[]]>([
    ['number', ['1000', '-0.5', '1e-05', '9.313225746154785e-10', '.5', '3.', '+2', '1e+16', '1e400']],
    ['empty', ['']],
    ['missing', ['nan', 'NaN', '-nan', '-NaN', '+nan', 'None', 'none', 'NULL', 'null', 'N/A', 'n/a', '#N/A', 'NA', '<NA>', 'NaT', '1.#QNAN', '-1.#IND']],
    ['infinite', ['inf', '-inf', '+inf', 'Inf', '-Infinity', 'INF', '1.#INF']],
    ['truth', ['True', 'true', 'TRUE', 'False', 'false', 'FALSE']],
    ['vector', ['[0.1,null,-2]', '[1]']],
    ['blank', [' 2', '2 ', '\t0.5', ' nan', 'True ', ' [1,2]', ' ']],
    ['text', ['0x10', '1,5', '1e', 'Infinitely', '[sic]', '[]', '["a"]', ' a', 'a b', 'nana', 'Nancy', '1 2', '--1', '1_000', '½']],
  ])('is %s', (look, texts) => {
    expect(Object.fromEntries(texts.map((text) => [text, lookOf(text)]))).toEqual(Object.fromEntries(texts.map((text) => [text, look])));
  });
});

describe('what cells stand for', () => {
  test('a list is a vector, null standing for NaN', () => {
    expect(listOf('[0.1,null,-2]')).toEqual(Float64Array.of(0.1, Number.NaN, -2));
    expect(listOf('[0.1,"a"]')).toBeUndefined();
  });

  test('truth and infinities in the spelling of Python, R and JavaScript', () => {
    expect(['True', 'TRUE', 'true', 'False', 'FALSE', 'false'].map(truthOf)).toEqual([true, true, true, false, false, false]);
    expect(['inf', '+Inf', 'Infinity', '-inf', '-1.#INF'].map(infinityOf)).toEqual([Infinity, Infinity, Infinity, -Infinity, -Infinity]);
  });

  test('numbers that a double does not hold are refused: integers that would be rounded, what would be infinite or 0', () => {
    expect(numberOf(String(2 ** 53 - 1))).toBe(2 ** 53 - 1);
    expect(numberOf('9007199254740994')).toBe(2 ** 53 + 2);
    expect(() => numberOf('9007199254740993')).toThrow('expected a number that a double holds, found the integer 9007199254740993');
    for (const text of ['1e400', '-1e309', '1e-400', '0.00001e-320']) expect(() => numberOf(text)).toThrow(`expected a number that a double holds, found ${text}`);
    expect([numberOf('0e9'), numberOf('-0.0'), numberOf('5e-324'), numberOf('1.7976931348623157e308')]).toEqual([0, -0, 5e-324, Number.MAX_VALUE]);
  });

  test('what JavaScript and Python print of a double is read as the same double', () => {
    for (let n = 1; n < 500; n += 1) {
      const value = Math.sin(n) * 10 ** ((n % 60) - 30);
      expect(numberOf(String(value))).toBe(value);
      expect(numberOf(value.toExponential())).toBe(value);
    }
  });
});
