import { mistake } from '../runtime/errors.ts';
import type { Point, Scalar } from '../wire/point.ts';
import { parseAxis } from './axis.ts';
import type { AxisJson } from './axis.ts';
import { caseCollision, columnNameFault } from './column-names.ts';
import { excerpt } from './excerpt.ts';

/** Most points that one table may ask for, counted before equal points collapse: a plan visits each. */
export const MAX_POINTS = 10_000_000;

/** A grid as a spec writes it: parameter name -> axis; the order of names is the order of columns. */
export type GridJson = Readonly<Record<string, AxisJson>>;

/** Every combination of the values of its axes, each once; computed when asked for, never stored. */
export interface Grid {
  /** Names of the parameters, in the spec's order. */
  readonly names: readonly string[];
  /** How many points, 1 to MAX_POINTS. */
  readonly size: number;
  /** Point `index`, 0 <= index < size; the last axis runs fastest, as in EMS. */
  pointAt(index: number): Point;
  /** Whether the point has exactly this grid's parameters, each with a value of its axis. */
  contains(point: Point): boolean;
  /** Whether the parameter `name` has this value at some of its points. */
  hasValue(name: string, value: Scalar): boolean;
  /** The JSON that gives this grid again. */
  readonly json: GridJson;
}

/**
 * The grid that a spec's `value` stands for: an object of parameter names and axes (parseAxis).
 *
 * `where` leads messages (`params[0]`). Throws a SluiceError `bad-spec` where a name, an axis or the number
 * of points breaks its rule.
 */
export function parseGrid(value: unknown, where: string): Grid {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mistake(
      'bad-spec',
      `${where}: a grid is an object of parameters and their values, such as ` +
        `{"nrow": [1000], "seed": {"range": [0, 1000]}}, found ${excerpt(value)}`,
    );
  }
  const names = Object.keys(value);
  checkNames(names, where);
  const axes = Object.entries(value).map(([name, axis]) => parseAxis(axis, `${where}.${name}`));
  const size = axes.reduce((product, axis) => product * axis.size, 1);
  checkSize(size, where);

  const pointAt = (index: number): Point => {
    const values: Scalar[] = [];
    for (let rest = index, at = axes.length - 1; at >= 0; at--) {
      const axis = axes[at]!;
      values[at] = axis.at(rest % axis.size);
      rest = Math.floor(rest / axis.size);
    }
    const point: Record<string, Scalar> = {};
    for (let at = 0; at < names.length; at++) point[names[at]!] = values[at]!;
    return point;
  };
  const contains = (point: Point): boolean =>
    Object.keys(point).length === names.length &&
    axes.every((axis, at) => Object.hasOwn(point, names[at]!) && axis.has(point[names[at]!]!));
  return {
    names,
    size,
    pointAt,
    contains,
    hasValue: (name, value) => axes[names.indexOf(name)]?.has(value) ?? false,
    json: Object.fromEntries(axes.map((axis, at) => [names[at], axis.json])),
  };
}

/** Refuses `size` points and more than MAX_POINTS; `where` leads the message. */
export function checkSize(size: number, where: string): void {
  if (size <= MAX_POINTS) return;
  throw mistake(
    'too-many-points',
    `${where}: ${size.toLocaleString('en-US')} points; one table takes at most ` +
      `${MAX_POINTS.toLocaleString('en-US')}; split the grid over several tables`,
  );
}

function checkNames(names: readonly string[], where: string): void {
  if (names.length === 0) {
    throw mistake('bad-spec', `${where}: the grid is empty; name at least one parameter`);
  }
  for (const name of names) {
    const fault = columnNameFault(name);
    if (fault !== undefined) throw mistake('bad-spec', `${where}: parameter ${excerpt(name)}: ${fault}`);
  }
  const collision = caseCollision(names);
  if (collision === undefined) return;
  throw mistake(
    'bad-spec',
    `${where}: parameters "${collision[0]}" and "${collision[1]}" differ by case alone, ` +
      'and databases take them for one column; rename one',
  );
}
