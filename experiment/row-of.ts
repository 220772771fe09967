import { SluiceError } from '../runtime/errors.ts';
import type { Point } from '../wire/point.ts';
import { componentColumn } from '../wire/row.ts';
import type { Row, RowValue } from '../wire/row.ts';
import { caseCollision, columnNameFault } from './column-names.ts';
import { excerpt } from './excerpt.ts';

/**
 * The row at `point`: the point's parameters in the point's order, then the values of `result` in its order.
 *
 * `result` is what an experiment returned: an object of numbers (NaN and infinities too), texts, booleans,
 * nulls, bigints that a double holds, and lists of numbers or typed arrays, which become Float64Arrays; a
 * Float64Array is kept, not copied. It may repeat a parameter with the same value.
 * Throws a SluiceError `bad-row` that names the column, the rule and what was found.
 */
export function rowOf(point: Point, result: unknown): Row {
  if (typeof result !== 'object' || result === null || Array.isArray(result) || ArrayBuffer.isView(result)) {
    throw bad(`a row is an object of columns and values, found ${excerpt(result)}`);
  }
  const row: Record<string, RowValue> = { ...point };
  for (const [name, value] of Object.entries(result) as [string, unknown][]) {
    if (Object.hasOwn(point, name)) {
      checkRepeated(name, point, value);
      continue;
    }
    const fault = columnNameFault(name);
    if (fault !== undefined) throw bad(`column ${excerpt(name)}: ${fault}`);
    row[name] = valueOf(name, value);
  }
  checkCollisions(row);
  return row;
}

function checkRepeated(name: string, point: Point, value: unknown): void {
  const same = value === point[name] || (typeof value === 'bigint' && Number(value) === point[name]);
  if (same) return;
  const stated = excerpt(point[name]);
  throw bad(`column "${name}" is a parameter of value ${stated}, and the result says ${excerpt(value)}`);
}

function valueOf(name: string, value: unknown): RowValue {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return smallInteger(name, value);
  if (value === null) return null;
  if (typeof value === 'object') return vectorOf(name, value);
  throw bad(
    `column "${name}": expected a number, a text, true, false, null or a list of numbers, found ` +
      (value === undefined ? 'undefined' : `a ${typeof value}`),
  );
}

function smallInteger(name: string, value: bigint): number {
  if (Number.isSafeInteger(Number(value))) return Number(value);
  throw bad(
    `column "${name}": an integer beyond 2^53 does not fit a double, found ${value}; return it as a text`,
  );
}

function vectorOf(name: string, value: object): Float64Array {
  const vector = toDoubles(name, value);
  if (vector.length === 0) {
    throw bad(`column "${name}": a vector has at least one component, found an empty one`);
  }
  return vector;
}

function toDoubles(name: string, value: object): Float64Array {
  if (value instanceof Float64Array) return value;
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) {
    return Float64Array.from(value, (item) => smallInteger(name, item));
  }
  // Every typed array but those of bigints iterates over numbers; a DataView has no length.
  if (ArrayBuffer.isView(value) && 'length' in value) return Float64Array.from(value as Float32Array);
  if (!Array.isArray(value)) {
    throw bad(
      `column "${name}": a value is a number, a text, true, false, null or a list of numbers, found ` +
        `${excerpt(value)}; give each inner value a column of its own`,
    );
  }
  const odd = value.findIndex((item) => typeof item !== 'number');
  if (odd >= 0) {
    throw bad(`column "${name}": a list holds numbers only, found ${excerpt(value[odd])} at index ${odd}`);
  }
  return Float64Array.from(value as number[]);
}

/** Columns must differ, case aside, and so must the columns that a vector's components become. */
function checkCollisions(row: Row): void {
  const names = Object.keys(row);
  const collision = caseCollision(names);
  if (collision !== undefined) {
    throw bad(
      `columns "${collision[0]}" and "${collision[1]}" differ by case alone, and databases take them for one`,
    );
  }
  for (const [vector, value] of Object.entries(row)) {
    if (!(value instanceof Float64Array)) continue;
    for (const name of names) {
      const column = row[name] instanceof Float64Array ? componentColumn(name, 0) : name;
      if (name !== vector && isComponent(column, vector, value.length)) {
        throw bad(
          `column "${name}" collides with a component of the vector "${vector}", which takes ` +
            `${componentColumn(vector, 0)} to ${componentColumn(vector, value.length - 1)}; rename one`,
        );
      }
    }
  }
}

function isComponent(column: string, vector: string, length: number): boolean {
  if (!column.toLowerCase().startsWith(vector.toLowerCase())) return false;
  const digits = column.slice(vector.length);
  if (!/^\d{3,}$/.test(digits)) return false;
  return Number(digits) < length && componentColumn('', Number(digits)) === digits;
}

function bad(message: string): SluiceError {
  return new SluiceError('bad-row', message);
}
