import type { Scalar } from './point.ts';

/** A value of a row: a scalar (NaN and infinities allowed), or a vector of doubles. */
export type RowValue = Scalar | Float64Array;

/** What an experiment returns at a point, led by the point's parameters; the order of names is the order of columns. */
export type Row = Readonly<Record<string, RowValue>>;

/** Fewest digits in the name of a vector's column: ve000, ve001, ..., ve999, ve1000. */
const MIN_INDEX_DIGITS = 3;

/** The column that holds component `index` of the vector `name`: `ve` and 7 give `ve007`. */
export function componentColumn(name: string, index: number): string {
  return name + String(index).padStart(MIN_INDEX_DIGITS, '0');
}
