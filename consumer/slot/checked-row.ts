import { rowOf } from '../../experiment/row-of.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Point } from '../../wire/point.ts';
import type { Row } from '../../wire/row.ts';
import { ComputationError } from './slot.ts';

/** The row that `result` gives at `point`; fails with `bad-row`, naming the column, where it is none. */
export function checkedRow(point: Point, result: unknown): Row {
  try {
    return rowOf(point, result);
  } catch (error) {
    throw new ComputationError('bad-row', messageOf(error));
  }
}
