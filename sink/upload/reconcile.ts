import type { Grid } from '../../experiment/grid.ts';
import { plannedPoint } from '../../experiment/planned-point.ts';
import { pointKey, type Point, type Scalar } from '../../wire/point.ts';
import { valueThere } from './text-there.ts';
import type { CloudRow, Warehouse } from './warehouse.ts';

/** Keys handed on at once: an entry of some 350 kB. */
const CHUNK_KEYS = 10_000;

/** What decides the key of a row over there. */
export interface Identity {
  readonly experiment: string;
  /** Columns that are parameters. */
  readonly parameters: readonly string[];
  /** The grids that the table's points are of, as far as they are known. */
  readonly grids: readonly Grid[];
}

/** The keys of the points whose rows are over there, in chunks. */
export async function* pointsOver(warehouse: Warehouse, table: string, identity: Identity): AsyncGenerator<string[]> {
  let keys: string[] = [];
  for await (const page of warehouse.query(readQuery(warehouse, table, identity.parameters))) {
    for (const row of page) keys.push(...keysOf(row, identity));
    if (keys.length < CHUNK_KEYS) continue;
    yield keys;
    keys = [];
  }
  if (keys.length > 0) yield keys;
}

/** GoogleSQL that reads these columns of all rows of `table`. */
export function readQuery({ target }: Pick<Warehouse, 'target'>, table: string, columns: readonly string[]): string {
  return `SELECT ${columns.map(quotedThere).join(', ')} FROM ${placeOf(target, table)}`;
}

/** The table as GoogleSQL names it. */
export function placeOf({ project, dataset }: Warehouse['target'], table: string): string {
  return `\`${project}.${dataset}.${table}\``;
}

/** The column as GoogleSQL quotes it; a name that we keep is an identifier. */
export function quotedThere(name: string): string {
  return `\`${name}\``;
}

/**
 * The keys that the row's point can have: a row that is there must never be sent. NULL is a parameter that is null, or one
 * that the point does not have; and a point of the plan may have true where 1 is there.
 */
export function keysOf(row: CloudRow, { experiment, parameters, grids }: Identity): string[] {
  const values = parameters.map((name): [string, Scalar] => [name, parameterThere(row[name])]);
  const whole: Point = Object.fromEntries(values);
  const given: Point = Object.fromEntries(values.filter(([, value]) => value !== null));
  const planned = plannedPoint(grids, whole);
  return [...new Set([whole, given, ...(planned === undefined ? [] : [planned])].map((point) => pointKey(experiment, point)))];
}

/** A parameter's value as it stands over there. */
export function parameterThere(value: unknown): Scalar {
  return typeof value === 'string' ? valueThere(value) : ((value ?? null) as Scalar);
}

/** The last position that is taken, `from` being one and there being no gaps: doubling steps, then halving ones. */
export async function lastTaken(isTaken: (position: number) => Promise<boolean>, from: number): Promise<number> {
  let [taken, step] = [from, 1];
  while (await isTaken(taken + step)) {
    taken += step;
    step *= 2;
  }
  for (step = Math.floor(step / 2); step >= 1; step = Math.floor(step / 2)) if (await isTaken(taken + step)) taken += step;
  return taken;
}
