import { caseCollision, columnNameFault } from '../experiment/column-names.ts';
import { excerpt } from '../experiment/excerpt.ts';
import { componentColumn } from '../wire/row.ts';

/** Names that parameters have in a file: all of `required`, and those of `optional` that it has. */
export interface ParameterNames {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** A field of a row and where its cells stand: one for a scalar, one a component for a vector. */
export interface Field {
  readonly name: string;
  readonly isVector: boolean;
  readonly positions: readonly number[];
}

/** What the columns of a file mean. */
export interface Shape {
  readonly parameters: readonly Field[];
  readonly results: readonly Field[];
}

/** The columns that a table has already, each with the vector that it holds or is a component of; null for a scalar. */
export type KnownColumns = ReadonlyMap<string, string | null>;

/** Leading columns that pandas makes of a frame's index: to_csv, read_csv of that, and to_sql. */
const INDEX_COLUMN = /^(|Unnamed: \d+(\.\d+)*|index)$/;

/**
 * What the columns of `header` mean: pandas' index columns before the first other one are left out, `parameters` are the
 * point's, columns ve000, ve001, ... in whatever order are the vector `ve`, the rest are scalars; those of the table that are
 * `known` are what they are there. Throws an Error that says what is wrong with the names.
 */
export function shapeOf(header: readonly string[], parameters: ParameterNames, known: KnownColumns = new Map()): Shape {
  const wanted = [...parameters.required, ...parameters.optional];
  const first = header.findIndex((name) => !INDEX_COLUMN.test(name) || wanted.includes(name));
  const columns = new Map(header.slice(Math.max(0, first)).map((name, at) => [name, at + Math.max(0, first)]));
  checkNames(header.slice(Math.max(0, first)));
  const missing = parameters.required.filter((name) => !columns.has(name));
  if (missing.length > 0) throw new Error(`expected the parameters ${parameters.required.join(', ')}, found ${found(header)}`);
  const take = (name: string): Field => {
    const position = columns.get(name)!;
    columns.delete(name);
    return { name, isVector: false, positions: [position] };
  };
  const fields = wanted.filter((name) => columns.has(name)).map(take);
  return { parameters: fields, results: resultsOf(columns, known) };
}

function resultsOf(columns: Map<string, number>, known: KnownColumns): Field[] {
  const results: Field[] = [];
  const taken = new Set<string>();
  for (const [name, position] of columns) {
    if (taken.has(name)) continue;
    const vector = vectorAt(name, columns, known);
    for (const component of vector?.names ?? []) taken.add(component);
    if (vector === undefined) results.push({ name, isVector: false, positions: [position] });
    else results.push({ name: vector.name, isVector: true, positions: vector.names.map((component) => columns.get(component)!) });
  }
  return results;
}

/** The vector of whose components the column `name` is one, and the names of all; undefined where it is a scalar. */
function vectorAt(name: string, columns: ReadonlyMap<string, number>, known: KnownColumns): { name: string; names: string[] } | undefined {
  const digits = /\d{3,}$/.exec(name)?.[0] ?? '';
  // The digits of ve1000 are all of them its index, and those of step2000 may be 000 of the vector step2.
  for (let length = digits.length; length >= 3; length -= 1) {
    const vector = name.slice(0, -length);
    const names = vector === '' ? [] : componentsOf(vector, columns, known);
    const isKnown = known.has(componentColumn(vector, 0));
    // A lone year2000 is a scalar, not the first component of year2; so are x1000 and x1001 where there is an x1 too.
    if (!isKnown && /\d$/.test(vector) && (names.length === 1 || columns.has(vector))) continue;
    if (names.includes(name)) return { name: vector, names };
  }
  return undefined;
}

/** The columns of the components of `vector` from the first on, as far as there are such and they are not known for another's. */
function componentsOf(vector: string, columns: ReadonlyMap<string, number>, known: KnownColumns): string[] {
  const names: string[] = [];
  const isOwn = (column: string): boolean => columns.has(column) && (!known.has(column) || known.get(column) === vector);
  for (let next = componentColumn(vector, 0); isOwn(next); next = componentColumn(vector, names.length)) names.push(next);
  return names;
}

function checkNames(names: readonly string[]): void {
  for (const name of names) {
    const fault = columnNameFault(name);
    if (fault !== undefined) throw new Error(`column ${excerpt(name)}: ${fault}`);
  }
  const collision = caseCollision(names);
  if (collision === undefined) return;
  const [one, other] = collision;
  throw new Error(one === other ? `column "${one}" is there twice` : `columns "${one}" and "${other}" differ by case alone`);
}

function found(header: readonly string[]): string {
  const shown = header.slice(0, 6).map((name) => excerpt(name)).join(', ');
  return header.length > 6 ? `${shown}, ... (${header.length} columns)` : shown;
}
