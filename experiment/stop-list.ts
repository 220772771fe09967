import { mistake } from '../runtime/errors.ts';
import { parameterNames } from '../wire/point.ts';
import type { Point, Scalar } from '../wire/point.ts';
import { isScalar } from './axis.ts';
import { excerpt } from './excerpt.ts';

/** Values of some or all parameters: the points that equal it in all its keys are taken out of the grids. */
export type StopEntry = Point;

/**
 * The entries of a spec's stop_list, equal ones once.
 *
 * Throws a SluiceError `bad-spec` unless `value` is a list of objects, each with at least one scalar.
 */
export function parseStopList(value: unknown): StopEntry[] {
  if (!Array.isArray(value)) {
    throw mistake(
      'bad-spec',
      `stop_list: expected a list of points, such as [{"seed": 3}], found ${excerpt(value)}`,
    );
  }
  const entries = value.map((entry: unknown, index) => parseEntry(entry, `stop_list[${index}]`));
  return [...new Map(entries.map((entry) => [textOf(entry, parameterNames(entry)), entry])).values()];
}

function parseEntry(entry: unknown, where: string): StopEntry {
  if (
    typeof entry !== 'object' ||
    entry === null ||
    Array.isArray(entry) ||
    Object.keys(entry).length === 0
  ) {
    throw mistake(
      'bad-spec',
      `${where}: expected an object with the values of one or more parameters, such as ` +
        `{"seed": 3}, found ${excerpt(entry)}`,
    );
  }
  const values = Object.entries(entry).map(([name, value]: [string, unknown]): [string, Scalar] => {
    if (isScalar(value)) return [name, value];
    throw mistake(
      'bad-spec',
      `${where}.${name}: expected one value (a finite number, a text, true, false or ` +
        `null), found ${excerpt(value)}; write one entry for each value`,
    );
  });
  return Object.fromEntries(values);
}

/** Whether an entry takes a point out; time grows with the different sets of keys, not with the entries. */
export function stopTest(entries: readonly StopEntry[]): (point: Point) => boolean {
  const groups = new Map<string, { names: string[]; texts: Set<string> }>();
  for (const entry of entries) {
    const names = parameterNames(entry);
    const id = names.join(',');
    const group = groups.get(id) ?? { names, texts: new Set() };
    groups.set(id, group);
    group.texts.add(textOf(entry, names));
  }
  const tests = [...groups.values()];
  return (point) =>
    tests.some(
      ({ names, texts }) =>
        names.every((name) => Object.hasOwn(point, name)) && texts.has(textOf(point, names)),
    );
}

function textOf(point: Point, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => [name, point[name]]));
}
