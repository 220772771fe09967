import { expect, test } from 'vitest';
import { openRowMaker } from '../../../../sink/upload/cloud-row.ts';

const fields = (...names: string[]) => names.map((name) => ({ name, type: 'FLOAT', mode: 'NULLABLE' }));

test("the course's columns are a point, a scalar and a vector, pandas' index left out", () => {
  const maker = openRowMaker(fields('index', 'nrow', 'ncol', 'seed', 'v_alignment', 've000', 've001', 've002'), ['nrow', 'ncol', 'seed']);
  expect(maker.columns).toEqual(['nrow', 'ncol', 'seed', 'v_alignment', 've000', 've001', 've002']);
  const cloud = { nrow: 2, ncol: 3, seed: 7, v_alignment: 0.5, ve000: 0.1, ve001: -0.2, ve002: 0.3 };
  expect(maker.pointOf(cloud)).toEqual({ nrow: 2, ncol: 3, seed: 7 });
  expect(maker.resultOf(cloud)).toEqual({ v_alignment: 0.5, ve: Float64Array.of(0.1, -0.2, 0.3) });
});

test('a vector ends at its last component that is not NULL, and NULL before it is NaN', () => {
  const maker = openRowMaker(fields('a', 've000', 've001', 've002'), ['a']);
  expect(maker.resultOf({ a: 1, ve000: null, ve001: 2, ve002: null })).toEqual({ ve: Float64Array.of(Number.NaN, 2) });
  expect(maker.resultOf({ a: 1, ve000: null, ve001: null, ve002: null })).toEqual({});
});

test('a repeated column is a vector, and a column that only ends in digits is none', () => {
  const maker = openRowMaker([...fields('a', 'x001'), { name: 've', type: 'FLOAT', mode: 'REPEATED' }], ['a']);
  expect(maker.resultOf({ a: 1, x001: 5, ve: [1, 2] })).toEqual({ x001: 5, ve: Float64Array.of(1, 2) });
});

test('a column index that does not lead is a result like any other', () => {
  expect(openRowMaker(fields('nrow', 'index'), ['nrow']).columns).toEqual(['nrow', 'index']);
});
