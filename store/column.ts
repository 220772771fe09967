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
  /** The type in the user's table, given when the column was made; '' where it was made for a null. */
  readonly declared: '' | 'INTEGER' | 'REAL' | 'TEXT' | 'BLOB';
  /** True where the column is one of the point's parameters. */
  readonly parameter: boolean;
  /** The vector that the column belongs to, or that it holds (type BLOB). */
  readonly vector: string | null;
  /** The component of the vector that the column holds, from 0. */
  readonly index: number | null;
}

/** The type of one scalar: integers up to 2^53 are INTEGER, every other number (NaN too) is REAL. */
export function typeOf(value: number | string | boolean | null): ScalarType {
  if (value === null) return '';
  if (typeof value === 'string') return 'TEXT';
  if (typeof value === 'boolean') return 'BOOLEAN';
  return Number.isSafeInteger(value) ? 'INTEGER' : 'REAL';
}

/** The narrower type that holds both. */
export function wider(a: ScalarType, b: ScalarType): ScalarType {
  return WIDTH[a] >= WIDTH[b] ? a : b;
}

/** The SQL type of a new column whose first value has type `type`; SQLite keeps a boolean as 0 or 1. */
export function declaredFor(type: ScalarType): '' | 'INTEGER' | 'REAL' | 'TEXT' {
  return type === 'BOOLEAN' ? 'INTEGER' : type;
}

/** `name` as SQL text quotes an identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
