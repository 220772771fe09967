import { describe, expect, test } from 'vitest';
import { shapeOf } from '../../../gather/shape.ts';

const POINT = { required: ['seed'], optional: ['method'] };

/** The names of the fields and where their cells stand, vectors marked. */
function told(header: string, parameters = POINT, known?: Parameters<typeof shapeOf>[2]): string {
  const { parameters: own, results } = shapeOf(header.split(','), parameters, known);
  const shown = [...own, ...results].map(({ name, isVector, positions }) => `${name}${isVector ? '[]' : ''}@${positions.join('+')}`);
  return shown.join(' ');
}

describe('shapeOf(header, parameters)', () => {
  test('puts the parameters first, and gathers the columns of a vector', () => {
    expect(told('y,seed,ve000,ve001,ve002')).toBe('seed@1 y@0 ve[]@2+3+4');
    expect(told('seed,method,y')).toBe('seed@0 method@1 y@2');
  });

  test.each([
    [',seed,y', 'seed@1 y@2'],
    ['Unnamed: 0,seed,y', 'seed@1 y@2'],
    ['Unnamed: 0.1,Unnamed: 0,index,seed,y', 'seed@3 y@4'],
    ['index,seed,y', 'seed@1 y@2'],
    ['seed,index,y', 'seed@0 index@1 y@2'],
  ])('leaves out pandas\' index at the head of %j', (header, expected) => {
    expect(told(header)).toBe(expected);
  });

  test('keeps a leading column index that is a parameter', () => {
    expect(told('index,y', { required: ['index'], optional: [] })).toBe('index@0 y@1');
  });

  test('finds the components of a vector in any order, a thousand and more of them too', () => {
    const names = Array.from({ length: 1002 }, (_, index) => `ve${String(index).padStart(3, '0')}`).sort();
    const { results } = shapeOf(['seed', ...names], POINT);
    expect(results.map(({ name, isVector }) => [name, isVector])).toEqual([['ve', true]]);
    expect(results[0]?.positions.map((at) => names[at - 1])).toEqual(names.toSorted((a, b) => Number(a.slice(2)) - Number(b.slice(2))));
  });

  test('takes for scalars what only looks like a component', () => {
    expect(told('seed,year2000,v001,x12')).toBe('seed@0 year2000@1 v001@2 x12@3');
    expect(told('seed,x1,x1000,x1001')).toBe('seed@0 x1@1 x1000@2 x1001@3');
    expect(told('seed,v1000,v1001,v2000,v2001')).toBe('seed@0 v1[]@1+2 v2[]@3+4');
    expect(told('seed,a000,a002')).toBe('seed@0 a[]@1 a002@2');
  });

  test('takes columns that the table has for what they are there: scalars, or components', () => {
    const scalars = new Map([['seed', null], ['h1000', null], ['h1001', null]]);
    expect(told('seed,h1000,h1001', POINT, scalars)).toBe('seed@0 h1000@1 h1001@2');
    expect(told('seed,h1000,h1001,h1002', POINT, scalars)).toBe('seed@0 h1000@1 h1001@2 h1002@3');
    expect(told('seed,year2000', POINT, new Map([['year2000', 'year2']]))).toBe('seed@0 year2[]@1');
    const wide = Array.from({ length: 1002 }, (_, index) => `h${String(index).padStart(3, '0')}`);
    expect(shapeOf(['seed', ...wide], POINT, new Map(wide.map((name) => [name, 'h']))).results.map(({ name, positions }) => [name, positions.length])).toEqual([['h', 1002]]);
  });

  test.each([
    ['y,z', 'expected the parameters seed, found "y", "z"'],
    ['seed,y,y', 'column "y" is there twice'],
    ['seed,y,Y', 'columns "y" and "Y" differ by case alone'],
    ['seed,x; DROP TABLE t', 'column "x; DROP TABLE t": a name is a letter or _ followed by letters, digits and _'],
    ['seed,', 'column "": a name is a letter'],
    ['seed,rowid', 'column "rowid": this name is reserved by SQLite'],
  ])('refuses %j', (header, message) => {
    expect(() => told(header)).toThrow(message);
  });
});
