import type { Point, Scalar } from '../wire/point.ts';
import type { Row, RowValue } from '../wire/row.ts';

/** What an experiment may do besides returning its row. */
export interface RunContext {
  /** Keeps `value` in the row's provenance under `name`, such as a residual or a number of iterations. */
  note(name: string, value: Scalar): void;
}

/** What `run` may return: as a row, with vectors also as plain arrays of numbers. */
export type RunResult = Readonly<Record<string, RowValue | readonly number[]>>;

/** An answer recombined from rows: a JSON document. */
export type Reduction = Readonly<Record<string, unknown>>;

/** Passes a point that the experiment takes; else throws a SluiceError `bad-point`, the parameter named. */
export type PointCheck = (point: Point) => void;

/** Passes a row that the experiment can have returned; else throws a SluiceError `bad-row`, the column named. */
export type RowCheck = (row: Row) => void;

/** A named, versioned pure function: a point in, a row out. */
export interface Experiment {
  readonly name: string;
  readonly version: string;
  /** Refuses a point that `run` does not take; cheap, so that planning can call it at every point. */
  readonly check: PointCheck;
  /** The row's values at `point`; the point's parameters are put before them and need not be repeated. */
  run(point: Point, context: RunContext): RunResult | Promise<RunResult>;
  /** The answer that the rows of a table give together; absent where the experiment has none. */
  reduce?(rows: Iterable<Row>): Reduction | Promise<Reduction>;
}
