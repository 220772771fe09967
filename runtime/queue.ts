import { Queue, type JobsOptions } from 'bullmq';
import type { Point } from '../wire/point.ts';
import type { Broker } from './broker.ts';
import { RETRY_DELAY_MS } from './limits.ts';

/** A table's queue: its jobs are points, their ids the points' keys. */
export type PointQueue = Queue<Point, void>;

/** Entries of BullMQ's event log that are kept; nobody reads it, and its default of 10,000 is memory for nothing. */
const EVENTS_KEPT = 100;

/** The queue of `table`, on the broker's own connection. */
export function openQueue(broker: Broker, table: string): PointQueue {
  const queue = new Queue<Point, void>(table, {
    connection: broker.redis,
    prefix: broker.names.queuePrefix,
    streams: { events: { maxLen: EVENTS_KEPT } },
  });
  // Without a listener BullMQ prints every lost connection; the commands that need it wait for it.
  queue.on('error', () => {});
  return queue;
}

/** As countJobs, for a queue that is opened for it alone. */
export async function countTableJobs(broker: Broker, table: string): Promise<QueueCounts> {
  const queue = openQueue(broker, table);
  try {
    return await countJobs(queue);
  } finally {
    await queue.close();
  }
}

/** Removes the table's jobs, whatever their state; those in a consumer's hands may still deliver. */
export async function clearQueue(broker: Broker, table: string): Promise<void> {
  const queue = openQueue(broker, table);
  try {
    await queue.obliterate({ force: true });
  } finally {
    await queue.close();
  }
}

/** Removes the table's jobs that nobody has taken, and returns how many there were. */
export async function clearWaiting(broker: Broker, table: string): Promise<number> {
  const queue = openQueue(broker, table);
  try {
    const { waiting } = await countJobs(queue);
    await queue.drain(true);
    return waiting;
  } finally {
    await queue.close();
  }
}

/**
 * How a job behaves: it leaves Redis when it ends, done or failed, since rows and failures are in the database; and a
 * job id that is kept would keep its point from running again.
 */
export function jobOptions(key: string, attempts: number): JobsOptions {
  return {
    jobId: key,
    attempts,
    backoff: { type: 'exponential', delay: RETRY_DELAY_MS },
    removeOnComplete: true,
    removeOnFail: true,
  };
}

/** Jobs of a table by what they wait for; `waiting` counts those that a back-off delays. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  /** Those of the waiting ones that wait to be tried again. */
  readonly delayed: number;
}

/** The table's jobs, counted, not listed. */
export async function countJobs(queue: PointQueue): Promise<QueueCounts> {
  const counts = await queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active');
  return {
    waiting: (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0) + (counts['delayed'] ?? 0),
    active: counts['active'] ?? 0,
    delayed: counts['delayed'] ?? 0,
  };
}

/** Whether a job of the table could be taken now: one that a back-off delays could not. */
export async function hasWaiting(broker: Broker, table: string): Promise<boolean> {
  const queue = openQueue(broker, table);
  try {
    return (await queue.getWaitingCount()) > 0;
  } finally {
    await queue.close();
  }
}

/** Whether no job of the table waits or is active, and no entry is on its way to the database. */
export async function isStill(broker: Broker, table: string): Promise<boolean> {
  const { waiting, active } = await countTableJobs(broker, table);
  // In this order: a job leaves the queue only after its row entered the stream.
  return waiting + active === 0 && (await broker.redis.xlen(broker.names.stream)) === 0;
}
