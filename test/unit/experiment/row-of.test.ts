import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../experiment/row-of.ts';

const point = { nrow: 2, seed: 0, method: 'full' };

describe('rowOf', () => {
  test("puts the parameters first, in the point's order, then the values in the result's", () => {
    expect(Object.entries(rowOf(point, { z: 1, a: 2 }))).toEqual([
      ['nrow', 2],
      ['seed', 0],
      ['method', 'full'],
      ['z', 1],
      ['a', 2],
    ]);
  });

  test('takes a result that repeats parameters, anywhere in it', () => {
    const row = rowOf(point, { z: 1, seed: -0, method: 'full', nrow: 2 });
    expect(Object.keys(row)).toEqual(['nrow', 'seed', 'method', 'z']);
    expect(Object.is(row['seed'], 0)).toBe(true);
  });

  test('takes an empty result', () => {
    expect(rowOf(point, {})).toEqual(point);
  });

  test('takes scalars of every kind, NaN and infinities too', () => {
    const values = { a: Number.NaN, b: Infinity, c: -Infinity, d: 'x', e: true, f: null, g: '', h: 12n };
    expect(rowOf({}, values)).toEqual({ ...values, h: 12 });
  });

  test('makes Float64Arrays of lists and typed arrays', () => {
    const row = rowOf(
      {},
      {
        a: [1, Number.NaN, Infinity],
        b: new Float32Array([0.5]),
        c: new Int32Array([7]),
        d: new BigInt64Array([9n]),
      },
    );
    expect(row).toEqual({
      a: new Float64Array([1, Number.NaN, Infinity]),
      b: new Float64Array([0.5]),
      c: new Float64Array([7]),
      d: new Float64Array([9]),
    });
  });

  test('keeps a Float64Array as it is', () => {
    const ve = new Float64Array([1, 2]);
    expect(rowOf({}, { ve })['ve']).toBe(ve);
  });

  test.each([
    [null, /a row is an object of columns and values, found null/],
    [undefined, /found undefined/],
    [5, /found 5/],
    [[1, 2], /found \[1,2\]/],
    [new Float64Array(2), /a row is an object/],
    [{ seed: 1 }, /column "seed" is a parameter of value 0, and the result says 1/],
    [{ seed: '0' }, /the result says "0"/],
    [{ a: undefined }, /column "a": expected a number.*found undefined/],
    [{ a: () => 1 }, /column "a": .*found a function/],
    [{ a: Symbol('s') }, /column "a": .*found a symbol/],
    [{ a: 2n ** 60n }, /column "a": an integer beyond 2\^53.*found 1152921504606846976; return it as a text/],
    [
      { a: { b: 1 } },
      /column "a": a value is a number.*found \{"b":1\}; give each inner value a column of its own/,
    ],
    [{ a: new Date(0) }, /column "a": a value is a number/],
    [{ a: new Map() }, /column "a": a value is a number/],
    [{ a: new DataView(new ArrayBuffer(8)) }, /column "a": a value is a number/],
    [{ a: [] }, /column "a": a vector has at least one component/],
    [{ a: new Float64Array(0) }, /column "a": a vector has at least one component/],
    [{ a: [1, null] }, /column "a": a list holds numbers only, found null at index 1/],
    [{ a: [[1]] }, /column "a": a list holds numbers only, found \[1\] at index 0/],
    [{ a: ['1'] }, /found "1" at index 0/],
    [{ 'a b': 1 }, /column "a b": a name is a letter or _/],
    [{ ['x'.repeat(129)]: 1 }, /at most 128 characters/],
    [JSON.parse('{"__proto__": 1}'), /column "__proto__": this name is reserved/],
    [{ rowid: 1 }, /reserved by SQLite/],
    [{ a: 1, A: 2 }, /columns "a" and "A" differ by case alone/],
    [{ SEED: 1 }, /columns "seed" and "SEED" differ by case alone/],
    [
      { ve: [1, 2], ve001: 5 },
      /column "ve001" collides with a component of the vector "ve", which takes ve000 to ve001/,
    ],
    [{ VE000: 5, ve: [1, 2] }, /column "VE000" collides/],
    [{ Ve: [1, 2], ve000: 5 }, /column "ve000" collides/],
    [
      { a: new Float64Array(2000), a1: [1] },
      /column "a1" collides with a component of the vector "a", which takes a000 to a1999/,
    ],
  ])('refuses a result %# in a line that names the column', (result, message) => {
    expect(() => rowOf(point, result)).toThrow(message);
    expect(() => rowOf(point, result)).toThrow(expect.objectContaining({ code: 'bad-row' }));
  });

  test.each([
    [{ ve: [1, 2], ve002: 5 }],
    [{ ve: [1], ve0: 5 }],
    [{ ve: [1], ve0000: 5 }],
    [{ a: [1], a0: [1] }],
    [{ a: [1], a1: [1] }],
  ])('takes names that only look like components: %j', (result) => {
    expect(() => rowOf(point, result)).not.toThrow();
  });

  test('refuses a parameter that collides with a component', () => {
    expect(() => rowOf({ ve000: 1 }, { ve: [1] })).toThrow(/column "ve000" collides/);
  });
});
