import { componentColumn, type Row, type RowValue } from '../../wire/row.ts';
import type { Point, Scalar } from '../../wire/point.ts';
import type { GivenField } from './fields.ts';
import type { CloudRow } from './warehouse.ts';

/** A field of a row, and the columns over there that hold it: one, or one a component. */
interface FieldThere {
  readonly name: string;
  readonly columns: readonly string[];
  readonly isVector: boolean;
}

/** The column that pandas adds for its own numbering of lines, before all others; it is no result. */
const PANDAS_INDEX = 'index';

/** Makes points and rows of what BigQuery answers; NULL is null. */
export interface RowMaker {
  /** Columns to ask for. */
  readonly columns: readonly string[];
  /** The parameters, in the order of the columns. */
  pointOf(cloud: CloudRow): Point;
  /** The rest of the row: columns ve000, ve001, ... are the vector ve. */
  resultOf(cloud: CloudRow): Row;
}

/** The row maker for a table with these fields, of which `parameters` are the points'. */
export function openRowMaker(fields: readonly GivenField[], parameters: readonly string[]): RowMaker {
  const names = fields.map(({ name = '' }) => name).filter((name, at) => at > 0 || name !== PANDAS_INDEX || parameters.includes(name));
  const results = fieldsThere(names.filter((name) => !parameters.includes(name)), new Set(fields.flatMap(({ name = '', mode }) => (mode === 'REPEATED' ? [name] : []))));
  const given = names.filter((name) => parameters.includes(name));
  return {
    columns: names,
    pointOf: (cloud) => Object.fromEntries(given.map((name) => [name, cloud[name] as Scalar])),
    resultOf: (cloud) => {
      const row: Record<string, RowValue> = {};
      for (const { name, columns, isVector } of results) {
        const value = isVector ? vectorOf(cloud, columns) : (cloud[name] as Scalar);
        if (value !== undefined) row[name] = value;
      }
      return row;
    },
  };
}

function fieldsThere(names: readonly string[], repeated: ReadonlySet<string>): FieldThere[] {
  const all = new Set(names);
  const fields: FieldThere[] = [];
  const taken = new Set<string>();
  for (const name of names) {
    if (taken.has(name)) continue;
    const stem = repeated.has(name) ? undefined : /^(.*[^0-9])000$/.exec(name)?.[1];
    const columns = stem === undefined ? [name] : componentsOf(stem, all);
    for (const column of columns) taken.add(column);
    fields.push({ name: stem ?? name, columns, isVector: stem !== undefined || repeated.has(name) });
  }
  return fields;
}

function componentsOf(stem: string, names: ReadonlySet<string>): string[] {
  const columns: string[] = [];
  for (let index = 0; names.has(componentColumn(stem, index)); index += 1) columns.push(componentColumn(stem, index));
  return columns;
}

/** Components up to the last that is not NULL, NULL before it being NaN; undefined where the row has none. */
function vectorOf(cloud: CloudRow, columns: readonly string[]): Float64Array | undefined {
  const [only] = columns;
  const whole = only === undefined ? undefined : cloud[only];
  if (Array.isArray(whole)) return whole.length === 0 ? undefined : Float64Array.from(whole as number[], Number);
  const length = columns.findLastIndex((column) => cloud[column] !== null && cloud[column] !== undefined) + 1;
  if (length === 0) return undefined;
  return Float64Array.from(columns.slice(0, length), (column) => (cloud[column] === null ? Number.NaN : (cloud[column] as number)));
}
