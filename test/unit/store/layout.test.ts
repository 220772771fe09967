import { describe, expect, test } from 'vitest';
import type { Row } from '../../../wire/row.ts';
import type { Column } from '../../../store/column.ts';
import { columnsOf, fieldsOf, fitColumns } from '../../../store/layout.ts';

/** The columns that a row of one parameter and these results fills. */
function columnsFor(row: Row, parameters = 1): Column[] {
  return columnsOf(row, fieldsOf(row), parameters);
}

describe('fieldsOf(row)', () => {
  test('keeps the order of the row, and scalars as they are', () => {
    expect(fieldsOf({ b: 1, a: 'x', c: null })).toEqual(
      ['b', 'a', 'c'].map((name) => ({ name, kept: 'scalar', length: 1 })),
    );
  });

  test.each([
    [{ a: 1, v: new Float64Array(1989) }, 'columns'],
    [{ a: 1, v: new Float64Array(1990) }, 'blob'],
    [{ a: 1, u: new Float64Array(995), v: new Float64Array(994) }, 'columns'],
    [{ a: 1, u: new Float64Array(995), v: new Float64Array(995) }, 'blob'],
  ])('counts all columns of the row to choose how its vectors are kept (%#)', (row, kept) => {
    for (const field of fieldsOf(row)) expect(field.kept).toBe(field.name === 'a' ? 'scalar' : kept);
  });

  test('keeps scalars beyond the limit as columns: there is no other way', () => {
    const row = Object.fromEntries(Array.from({ length: 1995 }, (_, index) => [`y${index}`, index]));
    expect(fieldsOf(row).every(({ kept }) => kept === 'scalar')).toBe(true);
  });
});

describe('columnsOf(row, fields, parameters)', () => {
  test("names a vector's columns with at least three digits", () => {
    const names = columnsFor({ a: 1, ve: new Float64Array(1001) }).map(({ name }) => name);
    expect([names[1], names[1000], names[1001]]).toEqual(['ve000', 've999', 've1000']);
  });

  test("declares a vector's columns REAL, whatever its first values are", () => {
    expect(columnsFor({ a: 1, v: Float64Array.of(1) })[1]).toMatchObject({ type: 'REAL', declared: 'REAL' });
  });

  test("takes an index's overflow into a neighbour's name for what it is", () => {
    const row = { a: 1, v: new Float64Array(1001), v1: new Float64Array(1) };
    // v1000 is the vector v's component 1000 and the vector v1's component 0.
    expect(() => columnsFor(row)).toThrow('its columns "v1000" and "v1000" are one to SQLite');
  });

  test('refuses a vector as a parameter', () => {
    expect(() => columnsFor({ a: Float64Array.of(1) })).toThrow('its parameter "a" is a vector');
  });

  test('refuses the name of an empty vector as any other', () => {
    expect(() => columnsFor({ a: 1, 'no name': new Float64Array(0) })).toThrow('"no name"');
  });

  test('refuses names that no object can have as a field', () => {
    expect(() => columnsFor(JSON.parse('{"a":1,"__proto__":2}') as Row)).toThrow(
      'the column name "__proto__" is reserved',
    );
  });
});

describe('fitColumns(existing, wanted)', () => {
  const existing = columnsFor({ a: 1, b: 2, v: Float64Array.of(1, 2) });

  test('finds the columns that are there, in any order', () => {
    const { positions, missing } = fitColumns(existing, columnsFor({ v: Float64Array.of(1, 2), a: 3 }, 0));
    expect([positions, missing]).toEqual([[2, 3, 0], []]);
  });

  test('puts those that are missing behind', () => {
    const { positions, missing } = fitColumns(
      existing,
      columnsFor({ a: 1, c: 2, v: Float64Array.of(1, 2, 3), d: 'x' }),
    );
    expect(positions).toEqual([0, 4, 2, 3, 5, 6]);
    expect(missing.map(({ name }) => name)).toEqual(['c', 'v002', 'd']);
  });

  test('allows 2,000 columns and not one more', () => {
    const wanted = (count: number): Column[] =>
      columnsFor(Object.fromEntries(Array.from({ length: count }, (_, index) => [`y${index}`, index])));
    expect(fitColumns(existing, wanted(1996)).missing).toHaveLength(1996);
    expect(() => fitColumns(existing, wanted(1997))).toThrow(
      'the table would have 2001 columns; SQLite allows 2000',
    );
  });
});
