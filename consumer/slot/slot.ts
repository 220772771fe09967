import type { Definition } from '../../wire/definition.ts';
import type { Point, Scalar } from '../../wire/point.ts';
import type { Row } from '../../wire/row.ts';

/** What a computation gives: the row at a point, and what is known of how it came about. */
export interface Computed {
  /** The point's parameters, then the experiment's own columns. */
  readonly row: Row;
  /** How many leading columns of `row` are the point's parameters. */
  readonly parameters: number;
  /** Wall seconds of the computation alone, start to end. */
  readonly seconds: number;
  /** What the experiment noted of itself, such as a residual; empty for programs. */
  readonly notes: Readonly<Record<string, Scalar>>;
}

/**
 * Why a point failed.
 *
 * - `point-failed`: the experiment threw, or the program answered with an error, or it could not be loaded.
 * - `bad-row`: what it returned is no row; the message names the column.
 * - `crashed`: the thread, process or program that ran it ended.
 * - `timed-out`: a program did not answer within its `timeoutSeconds`.
 * - `bad-output`: a program printed something else than a row; the message quotes it.
 */
export type ComputationErrorCode = 'point-failed' | 'bad-row' | 'crashed' | 'timed-out' | 'bad-output';

/** A failure of the point: charged to it as an attempt. */
export class ComputationError extends Error {
  override readonly name = 'ComputationError';
  readonly code: ComputationErrorCode;
  /**
   * With `crashed`, the signal that ended the program or process, where one did. A SIGTERM, SIGINT, SIGHUP or
   * SIGUSR1 that arrives while the consumer itself is asked to stop is SLURM's or the terminal's, not the
   * point's.
   */
  readonly signal: NodeJS.Signals | undefined;

  constructor(
    code: ComputationErrorCode,
    message: string,
    options: { signal?: NodeJS.Signals | undefined } = {},
  ) {
    super(message);
    this.code = code;
    this.signal = options.signal;
  }
}

/** A computation that we ended ourselves, by abort or close: charged to nobody. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(message = 'the computation was interrupted') {
    super(message);
  }
}

/** Room for one computation at a time, off the event loop. */
export interface Slot {
  /**
   * The row at `point`. Rejects with a ComputationError where the point fails, and with Interrupted, at once,
   * where `signal` aborts. A second call while one runs waits for it: built-ins only, the pool sees to it.
   */
  compute(definition: Definition, point: Point, signal: AbortSignal): Promise<Computed>;
  /** Starts what computes `definition`, and resolves when it is ready. */
  warm(definition: Definition): Promise<void>;
  /** Whether something that computes `definition` is alive here. */
  holds(definition: Definition): boolean;
  /** Ends whatever runs; no thread or process of this slot is left when it resolves. */
  close(): Promise<void>;
}
