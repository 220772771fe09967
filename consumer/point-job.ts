import { UnrecoverableError, WaitingError } from 'bullmq';
import { DEATHS_BEFORE_ALONE, ROW_BYTES } from '../runtime/limits.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Definition } from '../wire/definition.ts';
import type { FailureEntry, RowEntry } from '../wire/entry.ts';
import type { Point } from '../wire/point.ts';
import { ComputationError, Interrupted, type Computed } from './slot/slot.ts';
import type { PointJob } from './table-workers.ts';

/** What handling a job needs of its consumer. */
export interface Hands {
  /** Host and process id, as rows tell their origin. */
  readonly consumer: string;
  /** Aborted at the first request to stop: what has not begun is handed back. */
  readonly stopping: AbortSignal;
  /** Aborted when the grace is over: what still runs is handed back. */
  readonly leaving: AbortSignal;
  /** Waits while the stream is full. */
  pass(signal: AbortSignal): Promise<void>;
  /** Whether a point of the table that begins now ends within the allocation. */
  fits(table: string): boolean;
  compute(table: string, definition: Definition, point: Point, signals: { queued: AbortSignal; running: AbortSignal }): Promise<Computed>;
  computeAlone(definition: Definition, point: Point, signal: AbortSignal): Promise<Computed>;
  deliver(entry: RowEntry | FailureEntry): Promise<void>;
}

/**
 * Brings one job to its end: its row, or its failure for good, is in the stream before the job completes.
 *
 *   taken -> computing -> delivered -> completed            a row
 *                      -> delayed                           a failed attempt, tried again later
 *                      -> delivered -> failed               the last attempt: the failure is recorded
 *                      -> waiting                           handed back, nothing charged
 *
 * A process that dies on any line leaves the job active; its lock lapses and another consumer takes it.
 */
export async function handleJob(job: PointJob, token: string, table: string, definition: Definition, hands: Hands): Promise<void> {
  const alone = job.stalledCounter >= DEATHS_BEFORE_ALONE;
  let computed: Computed;
  try {
    await hands.pass(hands.stopping);
    if (hands.stopping.aborted || !hands.fits(table)) throw new Interrupted();
    computed = alone
      ? await hands.computeAlone(definition, job.data, hands.leaving)
      : await hands.compute(table, definition, job.data, { queued: hands.stopping, running: hands.leaving });
    refuseGiant(computed);
  } catch (error) {
    if (error instanceof Interrupted || isEndOfAllocation(error, hands)) return await handBack(job, token);
    if (!isLast(job, error, alone)) throw error;
    await hands.deliver(failureEntry(job, table, definition, error, hands.consumer));
    throw new UnrecoverableError(messageOf(error));
  }
  // What neither Redis nor the spool takes is no failure of the point: its job stays, and it is computed again.
  await hands.deliver(rowEntry(job, table, definition, computed, hands.consumer)).catch(() => handBack(job, token));
}

/** Whether the failure is the point's last: its attempts are used up, or it killed the process that was its own. */
function isLast(job: PointJob, error: unknown, alone: boolean): boolean {
  return attempt(job) >= (job.opts.attempts ?? 1) || (alone && error instanceof ComputationError && error.code === 'crashed');
}

/** Fails a point whose row no broker takes. */
function refuseGiant({ row }: Computed): void {
  const bytes = Object.values(row).reduce<number>((sum, value) => sum + (value instanceof Float64Array ? value.byteLength : 0), 0);
  if (bytes <= ROW_BYTES) return;
  throw new ComputationError('bad-row', `the row's vectors take ${Math.ceil(bytes / 2 ** 20)} MiB; a row takes at most ${ROW_BYTES / 2 ** 20}`);
}

/**
 * A child that ended while we were asked to end as well: the signal was meant for the whole allocation. A program may
 * catch it and exit with a code of its own.
 */
function isEndOfAllocation(error: unknown, hands: Hands): boolean {
  return hands.stopping.aborted && error instanceof ComputationError && error.code === 'crashed';
}

/** Puts the job back in the queue as if it had never been taken: no attempt is charged. */
async function handBack(job: PointJob, token: string): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

/** Which try this is, from 1. */
function attempt(job: PointJob): number {
  return job.attemptsMade + 1;
}

function rowEntry(job: PointJob, table: string, definition: Definition, computed: Computed, consumer: string): RowEntry {
  return {
    kind: 'row',
    table,
    key: job.id ?? '',
    parameters: computed.parameters,
    row: { ...computed.row },
    provenance: {
      version: definition.version,
      consumer,
      attempt: attempt(job),
      seconds: computed.seconds,
      finishedAtMs: Date.now(),
      notes: { ...computed.notes },
    },
  };
}

function failureEntry(job: PointJob, table: string, definition: Definition, error: unknown, consumer: string): FailureEntry {
  return {
    kind: 'failure',
    table,
    key: job.id ?? '',
    point: { ...job.data },
    code: error instanceof ComputationError ? error.code : 'point-failed',
    message: messageOf(error),
    attempts: attempt(job),
    version: definition.version,
    consumer,
    finishedAtMs: Date.now(),
  };
}
