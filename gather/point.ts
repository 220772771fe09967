import { SluiceError } from '../runtime/errors.ts';
import type { Point } from '../wire/point.ts';
import type { Subject } from './row.ts';

/**
 * The point of a row whose parameters have these values, checked; null is an empty cell.
 *
 * It is the point of the plan where that has one. Else an empty cell is a parameter that is null, and of an optional one
 * that the point does not have it; where the experiment refuses that, or the table has the row of the other, the other
 * way. Throws the SluiceError of the check where it takes none.
 */
export function pointOf(values: Point, subject: Subject): Point {
  const planned = subject.planned?.(values);
  const [likeliest = values, ...others] = planned === undefined ? readingsOf(values, subject.parameters.optional) : [planned];
  if (others.length === 0) return checked(likeliest, subject);
  const taken = [likeliest, ...others].filter((point) => passes(point, subject));
  return taken.find((point) => subject.isStored?.(point)) ?? taken[0] ?? checked(likeliest, subject);
}

/** What points the values can be, the likeliest first. */
function readingsOf(values: Point, optional: readonly string[]): Point[] {
  const entries = Object.entries(values);
  if (entries.every(([, value]) => value !== null)) return [values];
  const without = (isLeftOut: (name: string) => boolean): Point => Object.fromEntries(entries.filter(([name, value]) => value !== null || !isLeftOut(name)));
  return [without((name) => optional.includes(name)), values, without(() => true)];
}

function checked(point: Point, { check }: Subject): Point {
  check(point);
  return point;
}

function passes(point: Point, { check }: Subject): boolean {
  try {
    check(point);
    return true;
  } catch (error) {
    if (error instanceof SluiceError) return false;
    throw error;
  }
}
