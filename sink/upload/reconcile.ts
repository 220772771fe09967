import { pointKey, type Point, type Scalar } from '../../wire/point.ts';
import type { CloudRow, Warehouse } from './warehouse.ts';

/** Keys handed on at once: an entry of some 350 kB. */
const CHUNK_KEYS = 10_000;

/** The keys, under `experiment`, of the points whose rows are over there, in chunks. */
export async function* pointsOver(warehouse: Warehouse, table: string, experiment: string, parameters: readonly string[]): AsyncGenerator<string[]> {
  let keys: string[] = [];
  for await (const page of warehouse.query(readQuery(warehouse, table, parameters))) {
    for (const row of page) keys.push(...keysOf(row, parameters, experiment));
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

/** The keys that the row's point can have: NULL is a parameter that is null, or one that the point does not have. */
function keysOf(row: CloudRow, parameters: readonly string[], experiment: string): string[] {
  const values = parameters.map((name) => [name, row[name] as Scalar] as const);
  const given = values.filter(([, value]) => value !== null);
  const whole: Point = Object.fromEntries(values);
  if (given.length === values.length) return [pointKey(experiment, whole)];
  return [pointKey(experiment, whole), pointKey(experiment, Object.fromEntries(given))];
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
