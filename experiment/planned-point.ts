import type { Point, Scalar } from '../wire/point.ts';
import type { Grid } from './grid.ts';
import { parseSpec } from './spec.ts';

/** The grids of a table's specs, as the database keeps them (canonicalSpec). */
export function gridsOfSpecs(specs: readonly string[]): Grid[] {
  return specs.flatMap((spec) => [...parseSpec(JSON.parse(spec), { directory: '/' }).grids]);
}

/**
 * The point of one of the `grids` that these values of parameters stand for, as files and other databases keep them;
 * undefined where no grid has one. There null is also a parameter that the point does not have, 1 and 0 are also true and
 * false, and a number or true may be its text, or the other way. Values as they stand go first.
 */
export function plannedPoint(grids: readonly Grid[], values: Point): Point | undefined {
  for (const spellings of [(value: Scalar) => [value], spellingsOf]) {
    for (const grid of grids) {
      const point = pointOn(grid, values, spellings);
      if (point !== undefined) return point;
    }
  }
  return undefined;
}

function pointOn(grid: Grid, values: Point, spellings: (value: Scalar) => Scalar[]): Point | undefined {
  const isForeign = ([name, value]: [string, Scalar]): boolean => value !== null && !grid.names.includes(name);
  if (Object.entries(values).some(isForeign)) return undefined;
  const point: Record<string, Scalar> = {};
  for (const name of grid.names) {
    const value = spellings(values[name] ?? null).find((spelling) => grid.hasValue(name, spelling));
    if (value === undefined) return undefined;
    point[name] = value;
  }
  return point;
}

/** What else may have been written where `value` is read. */
function spellingsOf(value: Scalar): Scalar[] {
  const others: Scalar[] = [value];
  if (value === 0 || value === 1) others.push(value === 1);
  if (typeof value === 'boolean') others.push(Number(value));
  if (typeof value === 'number') others.push(String(value));
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) others.push(Number(value));
  if (typeof value === 'string' && /^(?:true|false)$/i.test(value)) others.push(value.toLowerCase() === 'true');
  return others;
}
