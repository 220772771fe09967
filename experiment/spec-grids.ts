import { mistake } from '../runtime/errors.ts';
import { excerpt } from './excerpt.ts';
import { checkSize, parseGrid } from './grid.ts';
import type { Grid } from './grid.ts';
import { EXAMPLE_SPEC, GRID_KEYS } from './spec-form.ts';
import type { SpecForm } from './spec-form.ts';

/**
 * The grids of a spec, at least one: the list under `params` or `multi_res`, or the one under `parameters`.
 *
 * Throws a SluiceError `bad-spec` where there are none, or more than one of these keys.
 */
export function gridsOf(form: SpecForm): Grid[] {
  const key = gridKeyOf(form);
  if (key === 'parameters') {
    if (!Array.isArray(form.parameters)) return [parseGrid(form.parameters, key)];
    throw mistake('bad-spec', `${key}: expected one grid, found a list; a list of grids goes under "params"`);
  }
  const list = form[key]!;
  if (list.length === 0) throw mistake('bad-spec', `${key}: the list is empty; give at least one grid`);
  const grids = list.map((grid, index) => parseGrid(grid, `${key}[${index}]`));
  const size = grids.reduce((sum, grid) => sum + grid.size, 0);
  checkSize(size, key);
  return grids;
}

function gridKeyOf(form: SpecForm): (typeof GRID_KEYS)[number] {
  const [key, another] = GRID_KEYS.filter((name) => form[name] !== undefined && form[name] !== null);
  if (key === undefined) {
    throw mistake(
      'bad-spec',
      'a spec needs one of "params" or "multi_res" (lists of grids) or "parameters" (one grid), such as ' +
        `${EXAMPLE_SPEC}; found ${excerpt(Object.keys(form))}`,
    );
  }
  if (another === undefined) return key;
  throw mistake(
    'bad-spec',
    `a spec has one of "params", "multi_res" and "parameters", found "${key}" and "${another}"; put all ` +
      'grids into one list under "params"',
  );
}
