import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAxis } from '../../../experiment/axis.ts';
import type { Axis } from '../../../experiment/axis.ts';

interface Known {
  aranges: { args: number[]; values: number[] }[];
  linspaces: { args: number[]; values: number[] }[];
}

const known = JSON.parse(readFileSync(new URL('numpy-grids.json', import.meta.url), 'utf8')) as Known;

function valuesOf(axis: Axis) {
  return Array.from({ length: axis.size }, (_, index) => axis.at(index));
}

function parse(value: unknown) {
  return parseAxis(value, 'params[0].x');
}

describe('a list axis', () => {
  test('has its values in order', () => {
    expect(valuesOf(parse([3, 1, 2]))).toEqual([3, 1, 2]);
  });

  test('takes numbers, texts, booleans and null, and keeps them apart', () => {
    const axis = parse([1, '1', true, 'true', null, 'null', 0, false, '']);
    expect(axis.size).toBe(9);
    expect(axis.has('1')).toBe(true);
    expect(axis.has('2')).toBe(false);
  });

  test('collapses repeated values, and -0 with 0', () => {
    expect(valuesOf(parse([2, 1, 2, 1.0, -0, 0]))).toEqual([2, 1, 0]);
    expect(parse([-0]).at(0)).toBe(0);
  });

  test('may be written as one scalar', () => {
    expect(valuesOf(parse(7))).toEqual([7]);
    expect(valuesOf(parse('full'))).toEqual(['full']);
    expect(valuesOf(parse(null))).toEqual([null]);
  });

  test('has only what is in it', () => {
    const axis = parse([0.1, 0.2]);
    expect(axis.has(0.1 + 0.1)).toBe(true);
    expect(axis.has(0.1 + 0.2)).toBe(false);
    expect(axis.has('0.1')).toBe(false);
  });

  test.each([
    [[], /params\[0\]\.x: the list is empty/],
    [[1, [2]], /params\[0\]\.x\[1\]: a value is a finite number.*found \[2\]/],
    [[{ a: 1 }], /x\[0\]: a value is a finite number.*found \{"a":1\}/],
    [[1, Number.NaN], /x\[1\]: a value is a finite number.*found NaN/],
    [[Infinity], /x\[0\].*found Infinity/],
    [-Infinity, /expected a list of values.*found -Infinity/],
    [undefined, /expected a list of values.*found undefined/],
  ])('refuses %j with a clear message', (value, message) => {
    expect(() => parse(value)).toThrow(message);
  });
});

describe('a range axis', () => {
  test.each(known.aranges)("$args has the values of NumPy's arange, bit for bit", ({ args, values }) => {
    expect(valuesOf(parse({ range: args }))).toEqual(values);
  });

  test('leaves its end out and steps by 1 unless told', () => {
    expect(valuesOf(parse({ range: [2, 5] }))).toEqual([2, 3, 4]);
  });

  test.each(known.aranges)('$args has exactly its values', ({ args }) => {
    expectExact(parse({ range: args }));
  });

  test('computes its values instead of keeping them', () => {
    const axis = parse({ range: [0, 10_000_000] });
    expect(axis.size).toBe(10_000_000);
    expect(axis.at(9_999_999)).toBe(9_999_999);
    expect(axis.has(9_999_999)).toBe(true);
    expect(axis.has(10_000_000)).toBe(false);
    expect(axis.has(0.5)).toBe(false);
    expect(axis.has('0')).toBe(false);
    expect(axis.has(null)).toBe(false);
  });

  test('has exactly its values where they are as fine as doubles allow', () => {
    for (const from of [1, -1, 1e-3, 12345.678, -1e15 / 3]) {
      const spacing = 2 ** (Math.floor(Math.log2(Math.abs(from))) - 51);
      expectExact(parse({ range: [from, from + 200 * spacing, 4 * spacing] }));
    }
  });

  test('has 0, not -0', () => {
    expect(Object.is(parse({ range: [-1, 1, 1] }).at(1), 0)).toBe(true);
    expect(Object.is(parse({ range: [-0, -3, -1] }).at(0), 0)).toBe(true);
    expect(Object.is(parse({ linspace: [-1, -0, 2] }).at(1), 0)).toBe(true);
  });

  test.each([
    [[5, 5], /the range \[5,5\] is empty/],
    [[5, 0], /is empty: it goes from 5 in steps of 1 and ends before 0/],
    [[0, 5, -1], /is empty/],
    [[0, 5, 0], /the step of a range cannot be 0/],
    [[5], /"range" takes \[from, to\] or \[from, to, step\].*found \[5\]/],
    [[1, 2, 3, 4], /"range" takes/],
    [['0', '5'], /all finite numbers, found \["0","5"\]/],
    [5, /"range" takes/],
    [[0, Infinity], /"range" takes/],
    [[1e16, 1e16 + 100, 1], /cannot be told apart as doubles \(their spacing there is 2\)/],
    [[1, 2, 1e-17], /cannot be told apart/],
    [[1, 1 + 1e-14, 2e-16], /cannot be told apart/],
    [[-1.7e308, 1.7e308, 1e300], /cannot be told apart|is empty/],
  ])('refuses %j with a clear message', (args, message) => {
    expect(() => parse({ range: args })).toThrow(message);
  });
});

describe('a linspace axis', () => {
  test.each(known.linspaces)("$args has the values of NumPy's linspace, bit for bit", ({ args, values }) => {
    expect(valuesOf(parse({ linspace: args }))).toEqual(values);
  });

  test.each(known.linspaces)('$args has exactly its values', ({ args }) => {
    expectExact(parse({ linspace: args }));
  });

  test('of equal ends is one value', () => {
    expect(valuesOf(parse({ linspace: [2, 2, 5] }))).toEqual([2]);
  });

  test.each([
    [[0, 1], /"linspace" takes \[a, b, n\]/],
    [[0, 1, 0], /n an integer of at least 1/],
    [[0, 1, 2.5], /n an integer of at least 1/],
    [[0, 1, -3], /n an integer/],
    [[0, '1', 3], /finite numbers/],
    [[1, 1 + 1e-15, 100], /cannot be told apart/],
    [[-1.7e308, 1.7e308, 3], /cannot be told apart/],
    [[0, 5e-324, 10], /cannot be told apart/],
  ])('refuses %j with a clear message', (args, message) => {
    expect(() => parse({ linspace: args })).toThrow(message);
  });
});

describe('an axis', () => {
  test.each([
    [{}],
    [{ rnage: [0, 5] }],
    [{ range: [0, 5], linspace: [0, 1, 2] }],
    [{ range: [0, 5], step: 2 }],
  ])('of unknown shape %j is refused, and the known shapes are named', (value) => {
    expect(() => parse(value)).toThrow(/expected a list of values, \{"range".*\{"linspace".*found \{/);
  });

  test('is refused with exit code 2', () => {
    expect(() => parse([])).toThrow(expect.objectContaining({ code: 'bad-spec', exitCode: 2 }));
  });

  test.each([[[1, 2, 1]], [4], [{ range: [0, 1, 0.1] }], [{ range: [3, 9] }], [{ linspace: [0, 1, 7] }]])(
    '%j survives its own JSON',
    (value) => {
      const axis = parse(value);
      expect(valuesOf(parse(JSON.parse(JSON.stringify(axis.json))))).toEqual(valuesOf(axis));
    },
  );
});

/** Every value is in; doubles next to each and beyond the ends are out, unless they are values too. */
function expectExact(axis: Axis) {
  const values = valuesOf(axis) as number[];
  const set = new Set(values);
  const beyond = values.length < 2 ? [] : [2 * values[0]! - values[1]!, 2 * values.at(-1)! - values.at(-2)!];
  const near = values.flatMap((value) => [value * (1 + 2 ** -52), value * (1 - 2 ** -52), value + 1e-9]);
  for (const value of values) expect(axis.has(value)).toBe(true);
  for (const value of [...near, ...beyond]) expect(axis.has(value)).toBe(set.has(value));
  expect(set.size).toBe(axis.size);
}
