import seedrandom from 'seedrandom';
import { describe, expect, test } from 'vitest';
import { MAX_POINTS, parseGrid } from '../../../experiment/grid.ts';
import { expand, randomGrid } from './brute-force.ts';

function pointsOf(value: unknown) {
  const grid = parseGrid(value, 'params[0]');
  return Array.from({ length: grid.size }, (_, index) => grid.pointAt(index));
}

describe('a grid', () => {
  test('has every combination, the last parameter running fastest', () => {
    expect(pointsOf({ m: [1, 2], n: ['a', 'b'] })).toEqual([
      { m: 1, n: 'a' },
      { m: 1, n: 'b' },
      { m: 2, n: 'a' },
      { m: 2, n: 'b' },
    ]);
  });

  test('keeps the order of the parameters', () => {
    expect(Object.keys(pointsOf({ seed: [1], nrow: [2], a: [3] })[0]!)).toEqual(['seed', 'nrow', 'a']);
  });

  test('has each point once where values repeat', () => {
    expect(pointsOf({ m: [1, 1.0, 2], n: [0, -0] })).toEqual([
      { m: 1, n: 0 },
      { m: 2, n: 0 },
    ]);
  });

  test('agrees with a brute-force expansion on random grids', () => {
    const random = seedrandom('grid');
    for (let round = 0; round < 200; round++) {
      const value = randomGrid(random);
      expect(pointsOf(value)).toEqual(expand(value));
    }
  });

  test('contains its points and no others, on random grids', () => {
    const random = seedrandom('contains');
    for (let round = 0; round < 200; round++) {
      const grid = parseGrid(randomGrid(random), 'g');
      const others = expand(randomGrid(random));
      const own = new Set(
        Array.from({ length: grid.size }, (_, index) => JSON.stringify(grid.pointAt(index))),
      );
      for (const text of own) expect(grid.contains(JSON.parse(text))).toBe(true);
      for (const point of others) {
        const inOrder = Object.fromEntries(
          grid.names.filter((name) => name in point).map((name) => [name, point[name]]),
        );
        const same = Object.keys(point).length === grid.names.length && own.has(JSON.stringify(inOrder));
        expect(grid.contains(point)).toBe(same);
      }
    }
  });

  test('contains a point whatever the order of its parameters', () => {
    const grid = parseGrid({ m: [1], n: [2] }, 'g');
    expect(grid.contains({ n: 2, m: 1 })).toBe(true);
    expect(grid.contains({ n: 2 })).toBe(false);
    expect(grid.contains({ n: 2, m: 1, k: 3 })).toBe(false);
    expect(grid.contains({ n: 2, k: 1 })).toBe(false);
  });

  test('does not take inherited properties for parameters', () => {
    const grid = parseGrid({ constructor: [1] }, 'g');
    expect(grid.pointAt(0)).toEqual({ constructor: 1 });
    expect(grid.contains({ other: 1 })).toBe(false);
  });

  test('of the largest size is made at once', () => {
    const grid = parseGrid({ a: { range: [0, 10_000] }, b: { range: [0, 1000] } }, 'g');
    expect(grid.size).toBe(MAX_POINTS);
    expect(grid.pointAt(MAX_POINTS - 1)).toEqual({ a: 9999, b: 999 });
  });

  test.each([
    [{ a: { range: [0, 10_001] }, b: { range: [0, 1000] } }, /10,001,000 points.*at most 10,000,000/],
    [{ a: { range: [0, 1e300, 1] }, b: [1] }, /cannot be told apart|at most/],
    [{ a: { range: [0, 9e15] } }, /at most 10,000,000/],
  ])('of too many points %j is refused', (value, message) => {
    expect(() => parseGrid(value, 'params[0]')).toThrow(message);
  });

  test.each([
    [{}, /params\[0\]: the grid is empty/],
    [[], /a grid is an object/],
    ['x', /a grid is an object.*found "x"/],
    [null, /a grid is an object/],
    [{ 'a b': [1] }, /parameter "a b": a name is a letter or _/],
    [{ '': [1] }, /parameter ""/],
    [{ '2x': [1] }, /parameter "2x"/],
    [{ 'x"; DROP TABLE t; --': [1] }, /a name is a letter/],
    [{ ['x'.repeat(129)]: [1] }, /at most 128 characters/],
    [JSON.parse('{"__proto__": [1]}'), /reserved by JavaScript/],
    [{ rowid: [1] }, /reserved by SQLite/],
    [{ _PARTITIONTIME: [1] }, /reserved by BigQuery/],
    [{ n: [1], N: [2] }, /"n" and "N" differ by case alone/],
    [{ seed: [] }, /params\[0\]\.seed: the list is empty/],
  ])('%j is refused with a clear message', (value, message) => {
    expect(() => parseGrid(value, 'params[0]')).toThrow(message);
  });
});
