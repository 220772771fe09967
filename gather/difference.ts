import { excerpt } from '../experiment/excerpt.ts';
import type { Row, RowValue } from '../wire/row.ts';

/**
 * How far two numbers may differ, relative to the larger, and two vectors, relative to the longer: well above what two
 * machines' arithmetic differs by and what 12 printed digits lose, well below any other result.
 */
const TOLERANCE = 1e-9;

/**
 * How the row `found` of a point differs from the one that is `stored`: a line, or undefined where they are the same.
 *
 * Numbers are the same within TOLERANCE, and vectors within TOLERANCE of their length up to sign, for the sign of a singular
 * vector is free; where it is turned, the row's other numbers may have turned with it (v_alignment does). NaN, null and
 * nothing are the same, as they are in the database, and so are a number and its text.
 */
export function difference(stored: Row, found: Row, parameters: ReadonlySet<string>): string | undefined {
  const names = [...new Set([...Object.keys(stored), ...Object.keys(found)])].filter((name) => !parameters.has(name));
  const isVector = (name: string): boolean => stored[name] instanceof Float64Array || found[name] instanceof Float64Array;
  let isTurned = false;
  for (const name of names.filter(isVector)) {
    const [one, other] = [stored[name], found[name]];
    const sign = one instanceof Float64Array && other instanceof Float64Array ? commonSign(one, other) : undefined;
    if (sign === undefined) return told(name, one, other);
    if (sign < 0) isTurned = true;
  }
  const different = names.find((name) => !isVector(name) && !isSame(stored[name], found[name], isTurned));
  return different === undefined ? undefined : told(different, stored[different], found[different]);
}

/** 1 or -1 where `other` times that is `one` within the tolerance, undefined where it is neither. */
function commonSign(one: Float64Array, other: Float64Array): 1 | -1 | undefined {
  if (one.length !== other.length) return undefined;
  let [minus, plus, length] = [0, 0, 0];
  for (let index = 0; index < one.length; index += 1) {
    const [a, b] = [one[index]!, other[index]!];
    if (Number.isNaN(a) && Number.isNaN(b)) continue;
    if (Number.isFinite(a) && Number.isFinite(b)) {
      minus += (a - b) ** 2;
      plus += (a + b) ** 2;
      length += Math.max(a * a, b * b);
    } else {
      if (a !== b) minus = Infinity;
      if (a !== -b) plus = Infinity;
    }
  }
  const most = TOLERANCE * Math.sqrt(length);
  if (Math.sqrt(minus) <= most) return 1;
  return Math.sqrt(plus) <= most ? -1 : undefined;
}

function isSame(one: RowValue | undefined, other: RowValue | undefined, isTurned: boolean): boolean {
  const [a, b] = [comparable(one), comparable(other)];
  if (a === b || isTextOf(a, b) || isTextOf(b, a)) return true;
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  return isNear(a, b) || (isTurned && isNear(a, -b));
}

/** Whether one is the text of the other: neither CSV nor a STRING column of BigQuery tells a number from its text. */
function isTextOf(text: RowValue, value: RowValue): boolean {
  return typeof text === 'string' && typeof value === 'number' && text.trim() !== '' && Number(text) === value;
}

function isNear(a: number, b: number): boolean {
  if (a === b) return true;
  return Number.isFinite(a - b) && Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

/** The database keeps booleans as 1 and 0, and NaN as nothing. */
function comparable(value: RowValue | undefined): RowValue {
  if (typeof value === 'boolean') return Number(value);
  return value === undefined || Number.isNaN(value) ? null : value;
}

function told(name: string, stored: RowValue | undefined, found: RowValue | undefined): string {
  if (stored instanceof Float64Array && found instanceof Float64Array && stored.length === found.length) {
    const at = stored.findIndex((value, index) => !isNear(value, found[index]!));
    return `${name} is another vector, ${excerpt(found[at])} and not ${excerpt(stored[at])} at index ${at}`;
  }
  return `${name} is ${shown(found)} and not ${shown(stored)}`;
}

function shown(value: RowValue | undefined): string {
  return value instanceof Float64Array ? `a vector of ${value.length}` : excerpt(value ?? null);
}
