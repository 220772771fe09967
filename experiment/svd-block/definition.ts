import { mistake } from '../../runtime/errors.ts';
import type { Point, Scalar } from '../../wire/point.ts';
import { excerpt } from '../excerpt.ts';
import { didYouMean } from '../nearest.ts';

/** The built-in's name, part of every point's key. */
export const SVD_BLOCK_NAME = 'svd-block';

/** Changes whenever a row's values do. */
export const SVD_BLOCK_VERSION = '1';

/** Most entries of a block, nrow * ncol: 2 GiB of doubles, which leaves wasm's 4 GiB room for the basis. */
export const MAX_ENTRIES = 2 ** 28;

/** Most entries of a block whose full SVD is asked for: beyond, one block takes minutes. */
export const MAX_FULL_ENTRIES = 4_000_000;

/** Seeds stay below this, so that the generator's seed 1 + seed * 10000 is an exact double. */
export const SEED_LIMIT = 9e11;

/** Parameters that every point has. */
export const REQUIRED = ['nrow', 'ncol', 'seed'] as const;

/** Parameters that a point may have. */
export const OPTIONAL = ['method'] as const;

/** The names of a point's parameters. */
export const SVD_BLOCK_PARAMETERS = [...REQUIRED, ...OPTIONAL] as const;

/** A point of svd-block, checked. */
export interface SvdBlockPoint {
  readonly nrow: number;
  readonly ncol: number;
  readonly seed: number;
  readonly method: 'lanczos' | 'full';
}

/**
 * The point as svd-block takes it: nrow, ncol integers >= 1 with nrow * ncol <= 2^28, seed an integer with
 * 0 <= seed < 9e11, method "lanczos" (where absent) or "full" (nrow * ncol <= 4e6 then).
 *
 * Throws a SluiceError `bad-point` that names the parameter, the rule and what was found; allocates nothing.
 */
export function svdBlockPoint(point: Point): SvdBlockPoint {
  refuseOtherNames(point);
  const nrow = integer(point, 'nrow', 1, MAX_ENTRIES);
  const ncol = integer(point, 'ncol', 1, MAX_ENTRIES);
  const seed = integer(point, 'seed', 0, SEED_LIMIT - 1);
  if (nrow * ncol > MAX_ENTRIES) {
    throw bad(`nrow * ncol is at most 2^28 = ${MAX_ENTRIES}, found ${nrow} * ${ncol} = ${nrow * ncol}`);
  }
  const method: Scalar = point['method'] ?? 'lanczos';
  if (('method' in point && point['method'] === null) || (method !== 'lanczos' && method !== 'full')) {
    throw bad(`method is "lanczos" or "full", found ${excerpt(point['method'])}`);
  }
  if (method === 'full' && nrow * ncol > MAX_FULL_ENTRIES) {
    throw bad(
      `method "full" takes nrow * ncol of at most ${MAX_FULL_ENTRIES}, found ${nrow * ncol}; ` +
        'method "lanczos" takes more',
    );
  }
  return { nrow, ncol, seed, method };
}

function refuseOtherNames(point: Point): void {
  for (const name of Object.keys(point)) {
    if ((SVD_BLOCK_PARAMETERS as readonly string[]).includes(name)) continue;
    throw bad(`unknown parameter ${excerpt(name)}; it takes ${SVD_BLOCK_PARAMETERS.join(', ')}${didYouMean(name, SVD_BLOCK_PARAMETERS)}`);
  }
  for (const name of REQUIRED) {
    if (!Object.hasOwn(point, name)) {
      throw bad(`parameter "${name}" is missing; it takes nrow, ncol, seed and, if need be, method`);
    }
  }
}

function integer(point: Point, name: string, least: number, most: number): number {
  const value = point[name];
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw bad(`${name} is an integer from ${least} to ${most}, found ${excerpt(value)}`);
}

function bad(fault: string) {
  return mistake('bad-point', `${SVD_BLOCK_NAME}: ${fault}`);
}
