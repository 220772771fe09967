import seedrandom from 'seedrandom';
import { describe, expect, test } from 'vitest';
import { jsonFault } from '../../../experiment/json-fault.ts';

describe('jsonFault', () => {
  test.each([
    '{}',
    '[]',
    ' [1, -2.5e+10, true, false, null, "a\\n\\u00e9\\"b"] ',
    '{"a": {"b": [[], {}]}, "c": 0}',
    '"x"',
    '7',
    '{"a":[{"b":[1,2,{"c":[]}]}]}',
  ])('finds none in %j', (text) => {
    expect(jsonFault(text)).toBeUndefined();
  });

  test.each([
    ['{"a": 1,}', 1, 9, '}'],
    ['{"a" 1}', 1, 6, '1}'],
    ['{"a": 1 "b": 2}', 1, 9, '"b": 2}'],
    ['[1 2]', 1, 4, '2]'],
    ['[1,\n\n 2,,]', 3, 4, ',]'],
    ['{a: 1}', 1, 2, 'a: 1}'],
    ['[01]', 1, 2, '01]'],
    ['[1.]', 1, 2, '1.]'],
    ['[+1]', 1, 2, '+1]'],
    ['[Infinity]', 1, 2, 'Infinity]'],
    ['[nulls]', 1, 2, 'nulls]'],
    ['["a\nb"]', 1, 2, '"a'],
    ['{} {}', 1, 4, '{}'],
    ['[}', 1, 2, '}'],
    ['[1}', 1, 3, '}'],
    ['{]', 1, 2, ']'],
    [']', 1, 1, ']'],
    ['[', 1, 2, undefined],
    ['{"a":', 1, 6, undefined],
    ['[1, // one\n 2]', 1, 5, '// one'],
  ])('places the fault of %j at line %i, column %i', (text, line, column, found) => {
    expect(jsonFault(text)).toEqual({ line, column, found });
  });

  test('agrees with JSON.parse on whether random changes leave a text JSON', () => {
    const random = seedrandom('json');
    const base = '{"a": [1, -2.5e3, "x\\n", true], "b": {"c": null, "d": [{}, []]}}';
    const letters = '{}[],:"0123.e-+ tfn\\\n';
    for (let round = 0; round < 5000; round++) {
      const at = Math.floor(random() * base.length);
      const letter = letters[Math.floor(random() * letters.length)]!;
      const text = base.slice(0, at) + letter + base.slice(at + Math.floor(random() * 3));
      expect(jsonFault(text) === undefined, text).toBe(parses(text));
    }
  });
});

function parses(text: string) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
