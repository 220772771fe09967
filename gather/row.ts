import { isScalar } from '../experiment/axis.ts';
import { excerpt } from '../experiment/excerpt.ts';
import type { PointCheck, RowCheck } from '../experiment/experiment.ts';
import { rowOf } from '../experiment/row-of.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Point, Scalar } from '../wire/point.ts';
import type { Row, RowValue } from '../wire/row.ts';
import { pointOf } from './point.ts';
import { shapeOf, type Field, type KnownColumns, type ParameterNames, type Shape } from './shape.ts';
import { badFile, type SourceCell, type SourceRecord } from './source.ts';

/** The experiment whose rows are gathered, as far as rows need it. */
export interface Subject {
  readonly parameters: ParameterNames;
  readonly check: PointCheck;
  readonly checkRow?: RowCheck | undefined;
  /** The columns of the table that takes the rows. */
  readonly columns?: KnownColumns | undefined;
  /** The point of the table's plan that these values stand for, undefined where it has none: a source does not keep all types. */
  readonly planned?: ((values: Point) => Point | undefined) | undefined;
  /** Whether the table has a row of this point. */
  readonly isStored?: ((point: Point) => boolean) | undefined;
}

/** A point and its row, as a gathered file has them. */
export interface GatheredRow {
  readonly point: Point;
  readonly row: Row;
}

/** Makes rows of records, and looks at a header once. Throws `bad-file`, which names the place and what is wrong there. */
export function openRowMaker(subject: Subject): (record: SourceRecord) => GatheredRow {
  let header: readonly string[] | undefined;
  let shape: Shape | undefined;
  return (record) => {
    if (shape === undefined || record.header !== header) shape = at(record.headerPlace, () => shapeOf(record.header, subject.parameters, subject.columns));
    header = record.header;
    const { parameters, results } = shape;
    return at(record.place, () => {
      const point = pointOf(Object.fromEntries(parameters.map((field) => [field.name, parameterOf(record, field)])), subject);
      const row = rowOf(point, resultOf(record, results));
      subject.checkRow?.(row);
      return { point, row };
    });
  };
}

/** What `make` returns; what it throws becomes the fault of `place`. */
function at<T>(place: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw badFile(place, messageOf(error), error);
  }
}

function parameterOf({ cells }: SourceRecord, { name, positions }: Field): Scalar {
  const value = cells[positions[0]!];
  // -0 is 0, as in every plan.
  if (isScalar(value)) return typeof value === 'number' ? value + 0 : value;
  throw new Error(`parameter "${name}": expected a finite number, a text, true, false or nothing, found ${excerpt(value)}`);
}

function resultOf({ cells }: SourceRecord, fields: readonly Field[]): Record<string, RowValue> {
  const result: Record<string, RowValue> = {};
  for (const field of fields) {
    const value = field.isVector ? vectorOf(cells, field) : cells[field.positions[0]!];
    if (value === undefined) continue;
    // A table of rows of several layouts has a vector as a whole and by its components, and a row one of the two.
    if ((result[field.name] ?? null) !== null && value !== null) throw new Error(`"${field.name}" is there both as a whole and by its components`);
    result[field.name] = value ?? result[field.name] ?? null;
  }
  return result;
}

/**
 * The vector without the empty cells at its end, which a frame of vectors of several lengths has; an empty cell within it
 * was NaN. Undefined where all are empty.
 */
function vectorOf(cells: readonly SourceCell[], { name, positions }: Field): Float64Array | undefined {
  let length = positions.length;
  while (length > 0 && cells[positions[length - 1]!] === null) length -= 1;
  if (length === 0) return undefined;
  const vector = new Float64Array(length);
  for (let index = 0; index < length; index += 1) {
    const cell = cells[positions[index]!] ?? Number.NaN;
    if (typeof cell !== 'number') throw new Error(`component ${index} of the vector "${name}": expected a number, found ${excerpt(cell)}`);
    vector[index] = cell;
  }
  return vector;
}
