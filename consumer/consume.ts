import { hostname } from 'node:os';
import { NO_ALLOCATION, type Allocation } from '../runtime/allocation.ts';
import type { Broker } from '../runtime/broker.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { announce } from '../runtime/presence.ts';
import { writeSpool } from '../runtime/spool.ts';
import { pause, settledWithin, unlessStopped } from '../runtime/wait.ts';
import { fits, lastMomentOf } from './allocation-end.ts';
import { openDelivery } from './deliver.ts';
import { openDurations, type Durations } from './durations.ts';
import { openHands } from './hands.ts';
import { whenIdle } from './idleness.ts';
import { leave, LEAVE_STEP_MS } from './leave.ts';
import { handleJob, type Hands } from './point-job.ts';
import type { Pool } from './slot/pool.ts';
import { openTableWorkers, type TableWorkers } from './table-workers.ts';

/** Interval at which new tables are looked for, and idleness is noticed. */
const DISCOVER_MS = 500;

/** Time after which an answer of the broker is overdue. */
const ANSWER_MS = 5_000;

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

/** What a consumer delivered, and why it left: it was asked to, had nothing to do, could finish nothing more, lost its broker. */
export interface Consumed {
  readonly rows: number;
  readonly failures: number;
  readonly why: 'asked' | 'idle' | 'allocation-ends' | 'broker-lost';
}

/** A running consumer: one process's worth of computations, served from the broker's queues. */
export interface Consumer {
  /** Resolves when it has left, by stop or by idleness. */
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
  return { left: serve(options, stopping, () => Math.min(lastMomentOf(endsAtMs), askedAtMs + options.graceMs)), stop };
}

/** `deadlineMs` says until when what runs may finish, by Date.now(): forever, until somebody asks to leave. */
async function serve(options: ConsumeOptions, stopping: AbortController, deadlineMs: () => number): Promise<Consumed> {
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
  const signals = { stopping: stopping.signal, leaving: leaving.signal };
  const learn = (table: string, seconds: number): void => {
    durations.learn(table, seconds);
    workers.learn(seconds);
  };
  const hands = openHands({ ...options, fits: fitsNow, learn }, signals, delivery, delivered);
  const workers = openTableWorkers({ ...options, handle: (...job) => handleJob(...job, hands) });
  const presence = announce(broker, describer(options, hands, durations, delivered));
  log.info({ consumer: hands.consumer, slots: options.slots }, 'consumer takes jobs');
  const why = await work(options, workers, fitsNow, stopping.signal);
  stopping.abort();
  try {
    await leave(deadlineMs, workers, leaving, delivery);
  } finally {
    await Promise.all([pool.close(), settledWithin(presence.close(), LEAVE_STEP_MS)]);
  }
  log.info({ consumer: hands.consumer, ...delivered, why }, 'consumer left');
  return { ...delivered, why };
}

/** Looks for tables and for reasons to leave until there is one. */
async function work(options: ConsumeOptions, workers: TableWorkers, fitsNow: (table: string) => boolean, stopping: AbortSignal): Promise<Consumed['why']> {
  let answeredAtMs = performance.now();
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    try {
      await workers.discover();
      answeredAtMs = performance.now();
    } catch (error) {
      options.log.warn({ reason: messageOf(error) }, 'the tables cannot be read; trying again');
    }
    looking = undefined;
  };
  for (;;) {
    // A Redis that is away may never answer: nobody waits for it, and it is not asked twice.
    await unlessStopped(settledWithin((looking ??= look()), ANSWER_MS), stopping, 0).catch(() => {});
    if (stopping.aborted) return 'asked';
    workers.retire((table) => !fitsNow(table));
    if (workers.served === 0 && (workers.retired > 0 || !fitsNow(''))) return 'allocation-ends';
    const nowMs = performance.now();
    const next = whenIdle({
      idleExitMs: options.idleExitMs,
      inHand: workers.inHand,
      idleMs: nowMs - workers.idleSinceMs,
      silentMs: nowMs - answeredAtMs,
      isSilent: looking !== undefined,
      isDown: options.isDown?.() ?? false,
    });
    if (next === 'leave' || (next === 'ask' && !(await hasQueued(workers, stopping)))) return 'idle';
    if (next === 'give-up') return 'broker-lost';
    await pause(DISCOVER_MS, stopping);
  }
}

/** Whether jobs wait; a Redis that does not tell is no reason to leave. */
async function hasQueued(workers: TableWorkers, stopping: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.any([stopping, AbortSignal.timeout(ANSWER_MS)]);
  return await unlessStopped(workers.hasQueued(), patience, 0).catch(() => true);
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
