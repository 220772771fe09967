import { describe, expect, test } from 'vitest';
import { openRowMaker, type Subject } from '../../../gather/row.ts';
import type { SourceCell } from '../../../gather/source.ts';

const SUBJECT: Subject = { parameters: { required: ['seed'], optional: [] }, check: () => {} };

/** The row of one record. */
function rowOf(header: string, cells: readonly SourceCell[], subject = SUBJECT) {
  return openRowMaker(subject)({ place: 'f.csv:2', line: 2, headerPlace: 'f.csv:1', header: header.split(','), cells });
}

describe('a row maker', () => {
  test('puts the parameters first, and makes vectors whole', () => {
    const { point, row } = rowOf('y,v000,v001,seed,text', [0.5, 1, 2, 7, 'a']);
    expect(point).toEqual({ seed: 7 });
    expect(Object.entries(row)).toEqual([['seed', 7], ['y', 0.5], ['v', Float64Array.of(1, 2)], ['text', 'a']]);
  });

  test('cuts empty cells off the end of a vector, takes those within for NaN, and leaves out one that has none', () => {
    const vector = (...cells: SourceCell[]) => rowOf('seed,v000,v001,v002', [1, ...cells]).row['v'];
    expect(vector(1, 2, null)).toEqual(Float64Array.of(1, 2));
    expect(vector(1, null, 3)).toEqual(Float64Array.of(1, Number.NaN, 3));
    expect(vector(null, null, null)).toBeUndefined();
  });

  test('takes a vector as a whole or by its components, whichever a row has, and refuses both', () => {
    const whole = Float64Array.of(1, 2, 3);
    expect(rowOf('seed,v,v000,v001', [1, whole, null, null]).row['v']).toEqual(whole);
    expect(rowOf('seed,v,v000,v001', [1, null, 4, 5]).row['v']).toEqual(Float64Array.of(4, 5));
    expect(() => rowOf('seed,v,v000,v001', [1, whole, 4, 5])).toThrow('f.csv:2: "v" is there both as a whole and by its components');
  });

  test('has nothing of a column of whole vectors that is empty', () => {
    expect(rowOf('seed,v,y', [1, undefined, null]).row).toEqual({ seed: 1, y: null });
  });

  test('makes -0 of a parameter 0, as in a plan', () => {
    expect(Object.is(rowOf('seed,y', [-0, 1]).point['seed'], 0)).toBe(true);
  });

  test('refuses a header that lacks a parameter, with its place', () => {
    expect(() => rowOf('sead,y', [1, 1])).toThrow('f.csv:1: expected the parameters seed, found "sead", "y"');
  });

  test('refuses what the experiment refuses, with the place', () => {
    const check = (): never => {
      throw new Error('seed is odd');
    };
    expect(() => rowOf('seed,y', [1, 1], { ...SUBJECT, check })).toThrow('f.csv:2: seed is odd');
    expect(() => rowOf('seed,y', [1, 1], { ...SUBJECT, checkRow: check })).toThrow('f.csv:2: seed is odd');
    expect(() => rowOf('seed,y', [Infinity, 1])).toThrow('f.csv:2: parameter "seed": expected a finite number, a text, true, false or nothing, found Infinity');
    expect(() => rowOf('seed,v000', [1, 'x'])).toThrow('f.csv:2: component 0 of the vector "v": expected a number, found "x"');
  });
});
