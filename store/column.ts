import type { Scalar } from '../wire/point.ts';

/**
 * The type of a column's values, each wider than the one before: what holds one holds those before it.
 * '' is the type of a column that has held nothing but null.
 */
export type ScalarType = '' | 'BOOLEAN' | 'INTEGER' | 'REAL' | 'TEXT';

const WIDTH: Readonly<Record<ScalarType, number>> = { '': 0, BOOLEAN: 1, INTEGER: 2, REAL: 3, TEXT: 4 };

/** A column of a user's table. */
export interface Column {
  readonly name: string;
  /** The narrowest type that every value so far fits; BLOB for a whole vector of doubles. */
  readonly type: ScalarType | 'BLOB';
  /**
   * The type in the user's table: none for a scalar, because SQLite converts what is written to a column with
   * a type (text `0012` to the number 12 under INTEGER, the number 1 to text `1.0` under TEXT).
   */
  readonly declared: '' | 'REAL' | 'BLOB';
  /** True where the column is one of the point's parameters. */
  readonly parameter: boolean;
  /** The vector that the column belongs to, or that it holds (type BLOB). */
  readonly vector: string | null;
  /** The component of the vector that the column holds, from 0. */
  readonly index: number | null;
}

/** The type of one scalar: integers up to 2^53 are INTEGER, every other number (NaN too) is REAL. */
export function typeOf(value: Scalar): ScalarType {
  if (value === null) return '';
  if (typeof value === 'string') return 'TEXT';
  if (typeof value === 'boolean') return 'BOOLEAN';
  return Number.isSafeInteger(value) ? 'INTEGER' : 'REAL';
}

/** The narrower type that holds both. */
export function wider(a: ScalarType, b: ScalarType): ScalarType {
  return WIDTH[a] >= WIDTH[b] ? a : b;
}

/**
 * `value` as it is bound to a column of type `type`: a safe integer as a bigint (SQLite's INTEGER) unless the
 * column has seen other numbers too, any other number as a double (SQLite's REAL), -0 as 0, a boolean as 0
 * or 1.
 */
export function boundTo(type: ScalarType, value: Scalar): bigint | number | string | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value !== 'number') return value;
  // Node binds every number as a double, and a column without a type would keep it as one.
  return type !== 'REAL' && Number.isSafeInteger(value) ? BigInt(value) : value + 0;
}

/** `name` as SQL text quotes an identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
