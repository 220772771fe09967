import { expect, test } from 'vitest';
import { compareFields, fieldsOf, type WantedField } from '../../../../sink/upload/fields.ts';
import { plannedColumns, plannedTypes } from '../../../../sink/upload/planned-types.ts';
import type { Column } from '../../../../store/column.ts';

function column(name: string, type: Column['type'], parameter = true): Column {
  return { name, type, declared: '', parameter, vector: null, index: null };
}

function field(name: string, type: WantedField['type'], whole = false): WantedField {
  return { name, type, mode: 'NULLABLE', whole };
}

/** The types that specs with these grids leave the parameters of an experiment of which nothing else is known. */
function planned(...grids: object[]) {
  return plannedTypes({ experiment: 'walk', specs: grids.map((grid) => JSON.stringify({ experiment: 'walk', params: [grid] })) });
}

test('what a parameter can be is known from all specs of the table, exactly', () => {
  expect([...planned({ a: [1, 2], b: { range: [0, 9] }, c: { linspace: [0, 10, 11] }, d: { range: [0, 2.5] }, e: [1, null] })]).toEqual([
    ['a', 'INTEGER'], ['b', 'INTEGER'], ['c', 'INTEGER'], ['d', 'INTEGER'], ['e', 'INTEGER'],
  ]);
  expect([...planned({ a: [1, 2.5], b: { range: [0, 9, 0.5] }, c: { linspace: [0, 10, 12] }, d: [2 ** 53], e: { range: [0.5, 3] } }).values()]).toEqual(['REAL', 'REAL', 'REAL', 'REAL', 'REAL']);
  expect([...planned({ a: [1], b: [true, false], c: [1, true] }, { a: ['one'], d: [2] })]).toEqual([['a', 'TEXT'], ['b', 'BOOLEAN'], ['c', 'INTEGER'], ['d', 'INTEGER']]);
});

test("svd-block's three are whole without a spec; of a spec that is not understood nothing is known", () => {
  expect([...plannedTypes({ experiment: 'svd-block', specs: ['{}'] })]).toEqual([['nrow', 'INTEGER'], ['ncol', 'INTEGER'], ['seed', 'INTEGER']]);
  expect(plannedTypes({ experiment: 'walk', specs: ['{}'] }).size).toBe(0);
});

test('only what is known to be whole is INT64: whole numbers so far say nothing of a result, nor of a parameter without a plan', () => {
  const types = planned({ a: [1, 2], b: [1, 2.5], c: ['x', 1] });
  const columns = plannedColumns([column('a', 'INTEGER'), column('b', 'INTEGER'), column('c', 'INTEGER'), column('d', 'INTEGER'), column('count', 'INTEGER', false), column('none', '', false)], types);
  expect(fieldsOf(columns, types)).toEqual([field('a', 'INT64', true), field('b', 'FLOAT64'), field('c', 'STRING'), field('d', 'FLOAT64', true), field('count', 'FLOAT64', true)]);
  // Rows that came by another way than the plan count as well.
  expect(fieldsOf(plannedColumns([column('a', 'REAL')], types), types)).toEqual([field('a', 'FLOAT64')]);
});

test('a table over there lacks what it does not have, is narrow where a fraction has come, and conflicts where it cannot take ours', () => {
  const [a, x] = [field('a', 'INT64', true), field('x', 'FLOAT64')];
  expect(compareFields([a, x], [{ name: 'A', type: 'INTEGER' }])).toEqual({ missing: [x], narrow: [], conflict: undefined });
  expect(compareFields([a, x], [{ name: 'a', type: 'FLOAT', mode: 'NULLABLE' }, { name: 'x', type: 'FLOAT64' }])).toEqual({ missing: [], narrow: [], conflict: undefined });
  expect(compareFields([field('n', 'FLOAT64', true)], [{ name: 'n', type: 'INTEGER' }])).toEqual({ missing: [], narrow: [], conflict: undefined });
  expect(compareFields([a, x], [{ name: 'a', type: 'INTEGER' }, { name: 'X', type: 'INTEGER' }])).toEqual({ missing: [], narrow: ['X'], conflict: undefined });
  expect(compareFields([a], [{ name: 'a', type: 'INTEGER', mode: 'REPEATED' }]).conflict).toBe('its column a is repeated INT64, and ours is INT64');
  expect(compareFields([x], [{ name: 'x', type: 'STRING' }]).conflict).toBe('its column x is STRING, and ours is FLOAT64');
});
