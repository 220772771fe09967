import { mistake } from '../runtime/errors.ts';
import type { Scalar } from '../wire/point.ts';
import { excerpt } from './excerpt.ts';
import { linspaceAxis, rangeAxis } from './progression.ts';

/** An axis as a spec writes it: a list, `{"range": [from, to, step]}` or `{"linspace": [a, b, n]}`. */
export type AxisJson =
  | readonly Scalar[]
  | { readonly range: readonly [number, number, number] }
  | { readonly linspace: readonly [number, number, number] };

/** The values of one parameter in a grid, each once, in order. */
export interface Axis {
  /** How many values, at least 1. */
  readonly size: number;
  /** Value `index`, 0 <= index < size; computed, never stored, for ranges. */
  at(index: number): Scalar;
  /** Whether `value` is one of the values, exactly; time independent of the size. */
  has(value: Scalar): boolean;
  /** The shortest JSON that gives this axis again. */
  readonly json: AxisJson;
}

/**
 * The axis that a spec's `value` stands for: a list of scalars, a range (end excluded), a linspace (end
 * included), or one scalar, which counts as a list of one. Repeated values collapse, and -0 is 0.
 *
 * `where` leads messages (`params[0].seed`). Throws a SluiceError `bad-spec` on anything else.
 */
export function parseAxis(value: unknown, where: string): Axis {
  if (Array.isArray(value)) return listAxis(value, where);
  if (isScalar(value)) return listAxis([value], where);
  const [kind, ...others] = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (others.length === 0 && kind?.[0] === 'range') return rangeAxis(kind[1], where);
  if (others.length === 0 && kind?.[0] === 'linspace') return linspaceAxis(kind[1], where);
  throw mistake(
    'bad-spec',
    `${where}: expected a list of values, {"range": [from, to, step]} or ` +
      `{"linspace": [a, b, n]}, found ${excerpt(value)}`,
  );
}

function listAxis(list: readonly unknown[], where: string): Axis {
  if (list.length === 0) throw mistake('bad-spec', `${where}: the list is empty; give at least one value`);
  const distinct = new Set<Scalar>();
  for (const [index, value] of list.entries()) {
    if (!isScalar(value)) {
      throw mistake(
        'bad-spec',
        `${where}[${index}]: a value is a finite number, a text, true, false or null, ` +
          `found ${excerpt(value)}`,
      );
    }
    // A Set keeps -0 as 0.
    distinct.add(value);
  }
  const values = [...distinct];
  return {
    size: values.length,
    at: (index) => values[index]!,
    has: (value) => distinct.has(value),
    json: values,
  };
}

/** Whether `value` may be a parameter's value: a finite number, a string, a boolean or null. */
export function isScalar(value: unknown): value is Scalar {
  // Half of a surrogate pair is no text that UTF-8 can carry: the point would come back as another one.
  if (typeof value === 'string') return value.isWellFormed();
  return Number.isFinite(value) || typeof value === 'boolean' || value === null;
}
