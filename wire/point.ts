import { hash } from 'node:crypto';

/** What a parameter may be: a finite number, a string, a boolean or null. */
export type Scalar = number | string | boolean | null;

/** One combination of parameter values, by parameter name. */
export type Point = Readonly<Record<string, Scalar>>;

/** Parameter names in the one order that keys and comparisons use: by UTF-16 code units. */
export function parameterNames(point: Point): string[] {
  return Object.keys(point).sort();
}

/**
 * A point's identity in queue, stream and database: `p` and the first 32 hex digits of SHA-256.
 *
 * Hashed is the JSON text `["EXPERIMENT",[["name",value],...]]`, parameters sorted by name, numbers in
 * ECMAScript's shortest round-trip form (so -0 is 0). The experiment's version is provenance, not key.
 */
export function pointKey(experimentName: string, point: Point): string {
  const parameters = parameterNames(point).map((name) => [name, point[name]]);
  return `p${hash('sha256', JSON.stringify([experimentName, parameters]), 'hex').slice(0, 32)}`;
}
