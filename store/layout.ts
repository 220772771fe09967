import { componentColumn } from '../wire/row.ts';
import type { Row } from '../wire/row.ts';
import { typeOf } from './column.ts';
import type { Column } from './column.ts';
import { Unfit } from './unfit.ts';

/**
 * Most columns of a row whose vectors become columns; a row that needs more keeps each of its vectors as one
 * BLOB of little-endian doubles, in a column that bears the vector's name.
 *
 * SQLite's own limit is MAX_TABLE_COLUMNS; the rest is room for results that later rows may add.
 */
export const MAX_EXPANDED_COLUMNS = 1_990;

/** SQLite allows a table so many columns (SQLITE_MAX_COLUMN as Node builds it). */
export const MAX_TABLE_COLUMNS = 2_000;

/** Longest name of a column. */
const MAX_COLUMN_NAME_LENGTH = 128;

const COLUMN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * SQLite's name for the row id, by which rows and provenance are joined; and what no object can have as a
 * field.
 */
const RESERVED: ReadonlySet<string> = new Set(['_rowid_', '__proto__']);

/**
 * How one field of a row is kept: a scalar in one column, a vector in a column a component or in one BLOB.
 */
export interface Field {
  readonly name: string;
  readonly kept: 'scalar' | 'columns' | 'blob';
  /** Components of a vector; 1 for a scalar. */
  readonly length: number;
}

/**
 * The fields of `row` in their order, and how each is kept (MAX_EXPANDED_COLUMNS decides for all of the row).
 */
export function fieldsOf(row: Row): Field[] {
  let columns = 0;
  for (const value of Object.values(row)) columns += value instanceof Float64Array ? value.length : 1;
  const vectors = columns <= MAX_EXPANDED_COLUMNS ? 'columns' : 'blob';
  return Object.entries(row).map(([name, value]) =>
    value instanceof Float64Array
      ? { name, kept: vectors, length: value.length }
      : { name, kept: 'scalar', length: 1 },
  );
}

/**
 * The columns that a row with these fields fills, in the order of its cells; the first `parameters` fields
 * are the point's. Throws Unfit for names that are no identifiers or that SQLite would take for one.
 */
export function columnsOf(row: Row, fields: readonly Field[], parameters: number): Column[] {
  if (parameters > fields.length) {
    throw new Unfit('bad-row', `it states ${parameters} parameters and has ${fields.length} fields`);
  }
  const columns = fields.flatMap((field, position) => fieldColumns(row, field, position < parameters));
  if (columns.length === 0) throw new Unfit('bad-row', 'it has no columns');
  const seen = new Map<string, string>();
  for (const { name } of columns) {
    checkName(name);
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined)
      throw new Unfit('bad-column', `its columns "${twin}" and "${name}" are one to SQLite`);
    seen.set(name.toLowerCase(), name);
  }
  return columns;
}

function fieldColumns(row: Row, field: Field, parameter: boolean): Column[] {
  const { name, length } = field;
  const value = row[name];
  if (!(value instanceof Float64Array)) {
    return [{ name, type: typeOf(value ?? null), declared: '', parameter, vector: null, index: null }];
  }
  if (parameter) throw new Unfit('bad-row', `its parameter "${name}" is a vector`);
  if (field.kept === 'blob')
    return [{ name, type: 'BLOB', declared: 'BLOB', parameter, vector: name, index: null }];
  // An empty vector has no columns to check its name by.
  checkName(name);
  return Array.from({ length }, (_, index): Column => {
    return {
      name: componentColumn(name, index),
      type: 'REAL',
      declared: 'REAL',
      parameter,
      vector: name,
      index,
    };
  });
}

function checkName(name: string): void {
  if (name.length > MAX_COLUMN_NAME_LENGTH) {
    throw new Unfit(
      'bad-column',
      `a column name has at most ${MAX_COLUMN_NAME_LENGTH} characters, and one has ${name.length}`,
    );
  }
  if (!COLUMN_NAME.test(name)) {
    throw new Unfit(
      'bad-column',
      `the column name ${JSON.stringify(name)} is not a letter or _ followed by letters, digits and _`,
    );
  }
  if (RESERVED.has(name.toLowerCase()))
    throw new Unfit('bad-column', `the column name "${name}" is reserved`);
}

/**
 * Where each of the `wanted` columns stands among a table's `existing` ones, once those that are `missing`
 * are added behind them. Throws Unfit where a name means something else there, or where the table would pass
 * MAX_TABLE_COLUMNS.
 */
export function fitColumns(
  existing: readonly Column[],
  wanted: readonly Column[],
): { positions: number[]; missing: Column[] } {
  const byName = new Map(
    existing.map((column, position) => [column.name.toLowerCase(), { column, position }]),
  );
  const missing: Column[] = [];
  const positions = wanted.map((column) => {
    const found = byName.get(column.name.toLowerCase());
    if (found === undefined) return existing.length + missing.push(column) - 1;
    checkSame(found.column, column);
    return found.position;
  });
  const total = existing.length + missing.length;
  if (total > MAX_TABLE_COLUMNS) {
    throw new Unfit(
      'too-many-columns',
      `the table would have ${total} columns; SQLite allows ${MAX_TABLE_COLUMNS}`,
    );
  }
  return { positions, missing };
}

function checkSame(existing: Column, wanted: Column): void {
  if (existing.name !== wanted.name) {
    throw new Unfit(
      'bad-column',
      `its column "${wanted.name}" and the table's "${existing.name}" are one to SQLite`,
    );
  }
  if (existing.vector === wanted.vector && existing.index === wanted.index) return;
  const meaning = (column: Column): string => {
    if (column.vector === null) return 'a scalar';
    return column.index === null
      ? 'a whole vector'
      : `component ${column.index} of the vector "${column.vector}"`;
  };
  throw new Unfit(
    'bad-column',
    `its column "${wanted.name}" is ${meaning(wanted)}, and in the table it is ${meaning(existing)}`,
  );
}
