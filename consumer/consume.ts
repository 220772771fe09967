import { hostname } from 'node:os';
import { NO_ALLOCATION, type Allocation } from '../runtime/allocation.ts';
import type { Broker } from '../runtime/broker.ts';
import type { Log } from '../runtime/log.ts';
import { announce } from '../runtime/presence.ts';
import { writeSpool } from '../runtime/spool.ts';
import { fits, lastMomentOf } from './allocation-end.ts';
import { openDelivery } from './deliver.ts';
import { openDurations, type Durations } from './durations.ts';
import { openHands } from './hands.ts';
import { leave } from './leave.ts';
import { handleJob, type Hands } from './point-job.ts';
import type { Pool } from './slot/pool.ts';
import { openTableWorkers } from './table-workers.ts';
import { untilLeaving, type Reason } from './until-leaving.ts';

export interface ConsumeOptions {
  readonly broker: Broker;
  /** What computes; it may have been warmed before, and is closed when the consumer leaves. */
  readonly pool: Pool;
  /** Tables to serve; all that the broker knows, and those to come, where absent. */
  readonly tables?: readonly string[] | undefined;
  /** Computations at once: the size of the pool. */
  readonly slots: number;
  /** Bytes in the stream above which no computation begins. */
  readonly streamBytes: number;
  /** The data folder whose spool takes the rows that Redis does not. */
  readonly data: string;
  readonly graceMs: number;
  /** Leaves after so long without a job in hand; never where absent. */
  readonly idleExitMs?: number | undefined;
  /** What SLURM lends this process: nothing is begun that it would not see the end of. */
  readonly allocation?: Allocation | undefined;
  /** Whether the broker was ended for good; where absent, a broker that is silent may come back. */
  readonly isDown?: (() => boolean) | undefined;
  /** Told of every row and failure that Redis has taken. */
  readonly onDelivered?: (() => void) | undefined;
  /** Told when Redis refuses a row, which is offered again; an owner that cannot wait stops the consumer. */
  readonly onRefusal?: ((error: Error) => void) | undefined;
  readonly log: Log;
}

/** What a consumer delivered, and why it left. */
export interface Consumed {
  readonly rows: number;
  readonly failures: number;
  readonly why: Reason;
}

/** A running consumer: one process's worth of computations, served from the broker's queues. */
export interface Consumer {
  /** Resolves when it has left, by itself or by stop. */
  readonly left: Promise<Consumed>;
  /** Takes nothing more, finishes or hands back what runs within the grace, flushes, and leaves. */
  stop(): void;
}

/** Starts to take jobs. The caller keeps the broker open until `left`. */
export function startConsumer(options: ConsumeOptions): Consumer {
  const stopping = new AbortController();
  let askedAtMs = Infinity;
  const stop = (): void => {
    askedAtMs = Math.min(askedAtMs, Date.now());
    stopping.abort();
  };
  const { endsAtMs } = options.allocation ?? NO_ALLOCATION;
  const deadlineMs = (): number => Math.min(lastMomentOf(endsAtMs), askedAtMs + options.graceMs);
  return { left: serve(options, { stop, deadlineMs, stopping }), stop };
}

/** How a consumer is asked to leave. */
interface Leaving {
  /** Aborts `stopping`, and the grace begins. */
  readonly stop: () => void;
  readonly stopping: AbortController;
  /** Until when what runs may finish, by Date.now(): forever, until somebody asks to leave. */
  readonly deadlineMs: () => number;
}

async function serve(options: ConsumeOptions, { stop, stopping, deadlineMs }: Leaving): Promise<Consumed> {
  const { broker, pool, log } = options;
  const { endsAtMs } = options.allocation ?? NO_ALLOCATION;
  const leaving = new AbortController();
  const delivered = { rows: 0, failures: 0 };
  const durations = openDurations();
  const delivery = openDelivery(broker, (entries) => writeSpool(options.data, entries), (error) => {
    log.warn({ reason: error.message }, 'the stream refuses rows; offering them again');
    options.onRefusal?.(error);
  });
  const fitsNow = (table: string): boolean => fits(Date.now(), endsAtMs, durations.upper(table));
  const fitsOrRetires = (table: string): boolean => {
    if (fitsNow(table)) return true;
    workers.retire((one) => one === table); // or it would take again what it hands back
    return false;
  };
  const learn = (table: string, seconds: number): void => {
    durations.learn(table, seconds);
    workers.learn(seconds);
  };
  const hands = openHands({ ...options, fits: fitsOrRetires, learn }, { stopping: stopping.signal, leaving: leaving.signal }, delivery, delivered);
  const workers = openTableWorkers({ ...options, handle: (...job) => handleJob(...job, hands) });
  const presence = announce(broker, describer(options, hands, durations, delivered));
  log.info({ consumer: hands.consumer, slots: options.slots }, 'consumer takes jobs');
  const { idleExitMs, isDown = () => false } = options;
  const why = await untilLeaving({ workers, computing: () => pool.running, fits: fitsNow, endsAtMs, idleExitMs, isDown, log }, stopping.signal);
  // At the end of the allocation what runs has until then, and not the grace alone.
  if (why === 'allocation-ends') stopping.abort();
  else stop();
  try {
    await leave(deadlineMs, leaving, { workers, delivery, presence });
  } finally {
    await pool.close();
  }
  log.info({ consumer: hands.consumer, ...delivered, why }, 'consumer left');
  return { ...delivered, why };
}

/** What the consumer tells of itself at the moment. */
function describer({ slots, pool, allocation }: ConsumeOptions, hands: Hands, durations: Durations, delivered: { rows: number }): Parameters<typeof announce>[1] {
  const startedAtMs = Date.now();
  const { job, endsAtMs } = allocation ?? NO_ALLOCATION;
  return () => ({
    id: hands.consumer, host: hostname(), pid: process.pid, startedAtMs, slots, job, endsAtMs,
    running: pool.running,
    rows: delivered.rows,
    state: hands.stopping.aborted ? 'leaving' : 'taking',
    secondsPerPoint: durations.mean ?? null,
  });
}
