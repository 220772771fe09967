import type { Scalar } from '../wire/point.ts';
import type { Grid } from './grid.ts';

/** Parameters that have other values than numbers somewhere, by name. */
export interface ParameterKinds {
  /** Those that have texts, or true and false beside other values: what a text without quotes stands for, the plan says. */
  readonly texts: ReadonlySet<string>;
  /** Those that are null, or not there, at some points. */
  readonly optional: ReadonlySet<string>;
}

/** The kinds of the grids' parameters; each grid's lists are looked at whole. */
export function parameterKinds(grids: readonly Grid[]): ParameterKinds {
  const names = [...new Set(grids.flatMap((grid) => grid.names))];
  const valuesOf = new Map(names.map((name) => [name, grids.flatMap((grid) => listed(grid, name))]));
  const having = (test: (values: readonly Scalar[], name: string) => boolean): Set<string> =>
    new Set(names.filter((name) => test(valuesOf.get(name) ?? [], name)));
  return {
    texts: having((values) => values.some(isText) || (values.some(isTruth) && !values.every((value) => isTruth(value) || value === null))),
    optional: having((values, name) => values.includes(null) || grids.some((grid) => !grid.names.includes(name))),
  };
}

/** The values that the grid lists; a range has numbers alone. */
function listed({ json }: Grid, name: string): readonly Scalar[] {
  const axis = json[name];
  if (axis === undefined) return [];
  return 'range' in axis || 'linspace' in axis ? [0] : axis;
}

const isText = (value: Scalar): boolean => typeof value === 'string';

const isTruth = (value: Scalar): boolean => typeof value === 'boolean';
